"""The experiments of part I, one file each."""
