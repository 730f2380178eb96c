# tests of src/shell
