-- What tells a server's database from a restored copy of it: which it is, written down by the first program
-- that opens it, and compared by all that follow. One row, and no school's. In a file there is none: a
-- backup of a file is stamped as it is made.
CREATE TABLE home (place TEXT NOT NULL);
