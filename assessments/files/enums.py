from django.db import models


class FileKind(models.TextChoices):
    PDF = "pdf", "PDF"
    PICTURE = "picture", "图片"
    WORD = "word", "文字文档"
    SHEET = "sheet", "表格"
    SLIDES = "slides", "演示文稿"
