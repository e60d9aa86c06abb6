INSERT INTO @schema@.next_note (note_id, note) VALUES ('shipped', 'with 1.1');
