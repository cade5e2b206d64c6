-- Whom a message is still on its way to, or a person must see to: few of all those it went to, and asked at each look
-- at the first page.

CREATE INDEX addressees_under_way ON addressees (state, school_id, message_id)
    WHERE state NOT IN ('reached', 'cancelled');
