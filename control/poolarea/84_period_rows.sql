-- What closing a year posts, and the lines of the final accounts.

INSERT INTO @schema@.account_role (book, role, side, kind, code, name_zh, name_en, source, trust) VALUES
('G', 'fund_surplus', 'credit', 'surplus', NULL, '统筹结余', 'surplus of the fund', '财会〔2017〕28号', 'unverified');

INSERT INTO @schema@.posting_rule (event, line, book, side, role, pool_expr, party_expr, amount_expr, source, trust) VALUES
('year.income', 1, 'G', 'debit', '$role', NULL, NULL, 'amount', '财会〔2017〕28号 (年末收入转入结余)', 'unverified'),
('year.income', 2, 'G', 'credit', 'fund_surplus', NULL, NULL, 'amount', '财会〔2017〕28号 (年末收入转入结余)', 'unverified'),
('year.expense', 1, 'G', 'debit', 'fund_surplus', NULL, NULL, 'amount', '财办〔2018〕43号 (期末支出转入结余)', 'mirror'),
('year.expense', 2, 'G', 'credit', '$role', NULL, NULL, 'amount', '财办〔2018〕43号 (期末支出转入结余)', 'mirror'),
('year.carry', 1, 'P', 'debit', 'pool', '$from', NULL, 'amount', '秦政办发〔2018〕84号 二(三); fund.carry of the policy', 'assumed'),
('year.carry', 2, 'P', 'credit', 'pool', '$to', NULL, 'amount', '秦政办发〔2018〕84号 二(三); fund.carry of the policy', 'assumed');

INSERT INTO @schema@.final_line (role, line, ord, name_zh, source, trust) VALUES
('income_contribution', 'contribution', 10, '基本医疗保险费收入', 'nxclnmi.cn 2024年城乡居民医保预算表', 'mirror'),
('income_subsidy', 'subsidy', 20, '财政补贴收入', 'nxclnmi.cn 2024年城乡居民医保预算表', 'mirror'),
('income_interest', 'interest', 30, '利息收入', 'nxclnmi.cn 2024年城乡居民医保预算表', 'mirror'),
('income_assistance', 'assistance', 40, '医疗救助资助收入', '秦政办发〔2018〕84号 二(二)', 'official'),
('income_collective', 'collective', 50, '集体扶持收入', '秦政办发〔2018〕84号 二(二)', 'official'),
('benefit_inpatient', 'benefit_inpatient', 110, '待遇支出—住院', 'nxclnmi.cn 2024年城乡居民医保预算表', 'mirror'),
('benefit_outpatient', 'benefit_outpatient', 120, '待遇支出—门诊', 'nxclnmi.cn 2024年城乡居民医保预算表', 'mirror'),
('serious_expense', 'serious', 130, '大病保险支出', 'nxclnmi.cn 2024年城乡居民医保预算表', 'mirror'),
('benefit_serious', 'serious', 130, '大病保险支出', 'nxclnmi.cn 2024年城乡居民医保预算表', 'mirror'),
('remit_up', 'to_other_levels', 150, '补助下级、上解上级支出', 'nxclnmi.cn 2024年城乡居民医保预算表', 'mirror');
