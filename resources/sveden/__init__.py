"""«Сведения об образовательной организации» (1.4, 6.2, 8.1, 8.3): the table, what fills it, the board, the export."""
