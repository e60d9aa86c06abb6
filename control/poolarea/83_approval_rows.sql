-- The posts of a centre, those that do not go together, and the steps of what has no older rule.

INSERT INTO @schema@.post (post, name_zh, source) VALUES
('register', '登记', '新疆维吾尔自治区医疗保障局 2025 年医保基金管理自查自纠 二(六)'),
('audit', '审核 (初审)', '秦政办发〔2018〕84号 三'),
('recheck', '复核', '秦政办发〔2018〕84号 三'),
('account', '会计', '秦政办发〔2018〕84号 三'),
('cashier', '出纳', '秦政办发〔2018〕84号 三'),
('stats', '统计', '秦政办发〔2018〕84号 三'),
('it', '信息管理', '秦政办发〔2018〕84号 三'),
('inspect', '稽查', '秦政办发〔2018〕84号 三'),
('centre', '经办机构负责人', '秦政办发〔2018〕84号 二(二)'),
('finance', '财政部门', '秦政办发〔2018〕84号 二(二)'),
('govt', '县政府', '秦政办发〔2018〕84号 二(二)');

INSERT INTO @schema@.post_conflict (post_a, post_b, source, trust) VALUES
('account', 'cashier', '秦政办发〔2018〕84号 三: 会计、出纳、审核不得互相兼任', 'official'),
('account', 'audit', '秦政办发〔2018〕84号 三: 会计、出纳、审核不得互相兼任', 'official'),
('audit', 'cashier', '秦政办发〔2018〕84号 三: 会计、出纳、审核不得互相兼任', 'official'),
('audit', 'recheck', '秦政办发〔2018〕84号 三: 审核和复核不能由一人完成', 'official'),
('audit', 'register', '新疆维吾尔自治区医疗保障局 2025 年医保基金管理自查自纠 二(六): 坚决杜绝一人有登记、初审、复核等多个操作权限', 'official'),
('recheck', 'register', '新疆维吾尔自治区医疗保障局 2025 年医保基金管理自查自纠 二(六): 坚决杜绝一人有登记、初审、复核等多个操作权限', 'official');

INSERT INTO @schema@.approval_chain (chain_id, kind, posts, source) VALUES
('budget', 'budget', '{finance, govt}', '秦政办发〔2018〕84号 二(二): 报财政部门审核,经县政府批准后执行'),
('appropriation', 'appropriation', '{centre, finance}', '秦政办发〔2018〕84号 二(二): 县城乡居民医保中心提交的城乡居民医保基金预拨审批表');
