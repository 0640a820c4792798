"""What copbot keeps: one file per noun, holding its tables and the functions that read and write them."""
