-- The same hot source in pgledger (github.com/pgr0ss/pgledger, not part of this tree): one account that may not go below zero.
SET search_path = pgledger;
SELECT pgledger_create_account('income', 'CNY');
SELECT pgledger_create_account('inpatient', 'CNY', allow_negative_balance => false);
SELECT pgledger_create_account('serious', 'CNY', allow_negative_balance => false);
SELECT pgledger_create_transfer((SELECT id FROM pgledger_accounts WHERE name = 'income'), (SELECT id FROM pgledger_accounts WHERE name = 'inpatient'), 900000000000);
