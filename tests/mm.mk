# tests of src/mm
