-- Numbers: logical replication copies rows but no sequences, so a copy that is written to from now on must not give a number again.

SELECT pg_catalog.setval(n.seq, n.highest)
FROM (SELECT pg_catalog.pg_get_serial_sequence('@schema@.journal', 'journal_id')::pg_catalog.regclass AS seq, max(journal_id) AS highest FROM @schema@.journal
      UNION ALL SELECT pg_catalog.pg_get_serial_sequence('@schema@.credit', 'id')::pg_catalog.regclass, max(id) FROM @schema@.credit
      UNION ALL SELECT pg_catalog.pg_get_serial_sequence('@schema@.pending', 'id')::pg_catalog.regclass, max(id) FROM @schema@.pending
      UNION ALL SELECT pg_catalog.pg_get_serial_sequence('@schema@.alert', 'alert_id')::pg_catalog.regclass, max(alert_id) FROM @schema@.alert) n
WHERE n.highest > coalesce(pg_catalog.pg_sequence_last_value(n.seq), 0);
