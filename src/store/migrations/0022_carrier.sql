-- Several providers may serve a channel: which one has a delivery in hand, or had it last. Where nobody wrote
-- that down yet, there was one a channel: whoever its last attempt names, else the one whose gate is kept.
ALTER TABLE deliveries ADD COLUMN carrier TEXT;
UPDATE deliveries SET carrier = COALESCE(
    (SELECT t.provider FROM attempts t WHERE t.delivery_id = deliveries.id ORDER BY t.started_at DESC LIMIT 1),
    (SELECT g.provider FROM gates g WHERE g.school_id = deliveries.school_id AND g.channel = deliveries.channel
     ORDER BY g.changed_at DESC LIMIT 1))
WHERE (due_at IS NOT NULL OR provider_ref IS NOT NULL) AND state IN ('sending', 'uncertain', 'accepted');
