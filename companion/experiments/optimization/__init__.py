"""The experiments of part II, one file each."""
