-- Households that read large print alone; nothing where nobody said so.
ALTER TABLE profiles ADD COLUMN large_print BIGINT;
