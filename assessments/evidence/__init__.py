"""Evidence (佐证材料): what counts (counting, states), who may touch it (access), and every write (services)."""
