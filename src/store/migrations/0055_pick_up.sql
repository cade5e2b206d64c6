-- Where a household fetches its letters; nothing where they go by post.
ALTER TABLE profiles ADD COLUMN pick_up TEXT;
