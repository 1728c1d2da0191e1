/* What a spreadsheet puts on the clipboard, and where it goes in the grid. Pure functions over text. */
(function () {
  "use strict";

  // A sheet may have a title, a heading and a row of units above the figures; and number, code and name before them.
  const HEADINGS_WITHIN = 4;
  const NAMES_WITHIN = 4;

  /* Rows of cells: tabs between cells, lines between rows; a cell with either of them, or with quotes, is quoted. */
  function read(text) {
    const rows = [];
    let row = [];
    let cell = "";
    let quoted = false;
    let i = 0;
    for (; i < text.length; i += 1) {
      const letter = text[i];
      if (quoted) {
        if (letter !== '"') cell += letter;
        else if (text[i + 1] === '"') { cell += '"'; i += 1; }
        else quoted = false;
      } else if (letter === '"' && cell === "") quoted = true;
      else if (letter === "\t") { row.push(cell); cell = ""; }
      else if (letter === "\n" || letter === "\r") {
        if (letter === "\r" && text[i + 1] === "\n") i += 1;
        row.push(cell);
        rows.push(row);
        row = [];
        cell = "";
      } else cell += letter;
    }
    if (cell !== "" || row.length) { row.push(cell); rows.push(row); }
    const blank = function (each) { return each.every(function (one) { return one.trim() === ""; }); };
    // the line after the last row, which spreadsheets add
    while (rows.length > 1 && rows[rows.length - 1].length === 1 && blank(rows[rows.length - 1])) rows.pop();
    return rows;
  }

  function write(rows) {
    return rows.map(function (row) {
      return row.map(function (cell) { return /[\t\r\n"]/.test(cell) ? '"' + cell.replace(/"/g, '""') + '"' : cell; }).join("\t");
    }).join("\r\n");
  }

  /* The same words, whatever their brackets, spaces and the unit behind them. */
  function key(text) {
    return text.replace(/[\s\u00a0\u3000]+/g, "").replace(/（/g, "(").replace(/）/g, ")").toLowerCase();
  }

  function withoutUnit(text) { return key(text).replace(/\([^()]{1,4}\)$/, ""); }

  function finder(wordsOfEach) {
    const found = new Map();
    wordsOfEach.forEach(function (words, index) {
      words.forEach(function (word) { if (word && !found.has(key(word))) found.set(key(word), index); });
    });
    return function (text) {
      const exact = found.get(key(text));
      return exact === undefined ? found.get(withoutUnit(text)) : exact;
    };
  }

  /* Where each cell of a block goes. `columns` and `rows`: of the grid, for each the words by which it is known; `at`: the
     active cell {r, c}. A heading row sends each column to its own, a column of names each row to its own: figures
     never land in another institution's row because two lists are in different orders. Otherwise the block goes where the
     active cell is. Returns {cells: [{r, c, text}], rowsOver, columnsOver, unknown: [words that nothing here is called]}. */
  function place(block, columns, rows, at) {
    const columnOf = finder(columns);
    const rowOf = finder(rows);
    const heading = block.slice(0, HEADINGS_WITHIN).findIndex(function (row) {
      return row.some(function (cell) { return columnOf(cell) !== undefined; });
    });
    const body = block.slice(heading + 1);
    let names = -1;
    for (let j = 0; j < NAMES_WITHIN; j += 1) {
      if (body.some(function (row) { return row[j] !== undefined && rowOf(row[j]) !== undefined; })) names = j;
    }
    const result = { cells: [], rowsOver: 0, columnsOver: 0, unknown: [] };
    const width = Math.max.apply(null, block.map(function (row) { return row.length; }));
    const targets = [];
    for (let j = names + 1; j < width; j += 1) {
      const word = heading < 0 ? "" : block[heading][j] || "";
      const c = heading < 0 ? at.c + j - names - 1 : columnOf(word);
      if (c === undefined) { if (word.trim()) result.unknown.push(word.trim()); continue; }
      if (c < columns.length) targets.push([j, c]);
      else result.columnsOver += 1;
    }
    body.forEach(function (row, i) {
      let r = at.r + i;
      if (names >= 0) {
        r = rowOf(row[names] || "");
        if (r === undefined) {
          const word = (row[names] || "").trim();
          if (word) result.unknown.push(word); // a row without a name: units, a blank line, the sum
          return;
        }
      }
      if (r >= rows.length) { result.rowsOver += 1; return; }
      targets.forEach(function (target) {
        if (row[target[0]] !== undefined) result.cells.push({ r: r, c: target[1], text: row[target[0]].trim() });
      });
    });
    return result;
  }

  window.gridBlock = { read: read, write: write, place: place };
})();
