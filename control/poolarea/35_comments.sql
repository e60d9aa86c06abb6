-- What each column is, where its table does not say so itself.

COMMENT ON COLUMN @schema@.account_class.class IS '账户类别: treasury, income, fiscal, expenditure';
COMMENT ON COLUMN @schema@.account_class.role IS '科目角色 in book G';
COMMENT ON COLUMN @schema@.account_class.name_zh IS '中文名称';
COMMENT ON COLUMN @schema@.account_class.rule IS '收支规定: what it may receive and pay';
COMMENT ON COLUMN @schema@.account_class.source IS '依据';

COMMENT ON COLUMN @schema@.account_role.book IS '账簿: G, P or S';
COMMENT ON COLUMN @schema@.account_role.role IS '科目角色, named by posting rules';
COMMENT ON COLUMN @schema@.account_role.kind IS '科目性质: bank, asset, liability, income, expense, surplus; pool, contra; commitment, obligation';
COMMENT ON COLUMN @schema@.account_role.code IS '科目代码 of the chart of accounts; the owner may change it';
COMMENT ON COLUMN @schema@.account_role.name_zh IS '科目名称';
COMMENT ON COLUMN @schema@.account_role.name_en IS '英文名称';
COMMENT ON COLUMN @schema@.account_role.source IS '依据';
COMMENT ON COLUMN @schema@.account_role.trust IS '依据的可信程度';

COMMENT ON COLUMN @schema@.alert.alert_id IS '预警号; its order means nothing';
COMMENT ON COLUMN @schema@.alert.kind IS '预警类型';
COMMENT ON COLUMN @schema@.alert.pool IS '基金池';
COMMENT ON COLUMN @schema@.alert.key IS '业务主键 that it is about';
COMMENT ON COLUMN @schema@.alert.amount_fen IS '金额, fen (分)';
COMMENT ON COLUMN @schema@.alert.raised_at IS '预警时间';
COMMENT ON COLUMN @schema@.alert.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.area.one IS '唯一行: always true';
COMMENT ON COLUMN @schema@.area.name IS '名称: the schema''s name when it was made';
COMMENT ON COLUMN @schema@.area.version IS '表结构版本: the version of yibao that made the tables';
COMMENT ON COLUMN @schema@.area.created_by IS '建立用户 (login)';
COMMENT ON COLUMN @schema@.area.created_at IS '建立时间';

COMMENT ON COLUMN @schema@.cash.fund IS '基金: resident, assistance';
COMMENT ON COLUMN @schema@.cash.class IS '账户类别';
COMMENT ON COLUMN @schema@.cash.balance_fen IS '余额, fen (分), never below zero';

COMMENT ON COLUMN @schema@.cash_move.move_id IS '划转编号, the caller''s key';
COMMENT ON COLUMN @schema@.cash_move.fund IS '基金: resident, assistance';
COMMENT ON COLUMN @schema@.cash_move.kind IS '划转类型: sweep, appropriation, interest, advance_repaid';
COMMENT ON COLUMN @schema@.cash_move.from_class IS '转出账户类别, or outside';
COMMENT ON COLUMN @schema@.cash_move.to_class IS '转入账户类别';
COMMENT ON COLUMN @schema@.cash_move.moved_on IS '划转日期, the accounting period is its month';
COMMENT ON COLUMN @schema@.cash_move.amt IS '金额, yuan';
COMMENT ON COLUMN @schema@.cash_move.payer IS '还款方 of an advance repaid: the payer''s name in the policy';
COMMENT ON COLUMN @schema@.cash_move.journal_id IS '凭证号. The journal that booked it (filled)';
COMMENT ON COLUMN @schema@.cash_move.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.cash_move.booked_at IS '记账时间. When its statement began (filled)';
COMMENT ON COLUMN @schema@.cash_move.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.cash_move.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.credit.id IS '序号; its order means nothing';
COMMENT ON COLUMN @schema@.credit.pool IS '基金池';
COMMENT ON COLUMN @schema@.credit.given_at IS '产生时间. When its statement began';
COMMENT ON COLUMN @schema@.credit.amt IS '金额, fen (分)';

COMMENT ON COLUMN @schema@.entry.journal_id IS '凭证号';
COMMENT ON COLUMN @schema@.entry.line IS '行号';
COMMENT ON COLUMN @schema@.entry.fund IS '基金: resident, assistance';
COMMENT ON COLUMN @schema@.entry.book IS '账簿: G, P or S';
COMMENT ON COLUMN @schema@.entry.role IS '科目角色';
COMMENT ON COLUMN @schema@.entry.pool IS '基金池, NULL where the line has none';
COMMENT ON COLUMN @schema@.entry.layer IS '待遇层次 of the settlements, book S';
COMMENT ON COLUMN @schema@.entry.payer IS '支付方 as the policy names it, book S';
COMMENT ON COLUMN @schema@.entry.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.flow_rule.from_class IS '转出账户类别, or outside';
COMMENT ON COLUMN @schema@.flow_rule.to_class IS '转入账户类别, or outside';
COMMENT ON COLUMN @schema@.flow_rule.kind IS '资金性质: kind of receipt or move, premium, premium_aid, benefit';
COMMENT ON COLUMN @schema@.flow_rule.source IS '依据';
COMMENT ON COLUMN @schema@.flow_rule.trust IS '依据的可信程度';
COMMENT ON COLUMN @schema@.flow_rule.scope IS '适用范围: national 全国 as shipped, local 本地 as the owner added it (filled)';
COMMENT ON COLUMN @schema@.flow_rule.allowed IS '是否允许: false forbids the flow, whatever other rows say';
COMMENT ON COLUMN @schema@.flow_rule.purpose IS '用途';
COMMENT ON COLUMN @schema@.flow_rule.valid_from IS '生效日期';
COMMENT ON COLUMN @schema@.flow_rule.valid_to IS '失效日期: the first day on which it no longer holds; NULL: open';

COMMENT ON COLUMN @schema@.journal.journal_id IS '凭证号; its order means nothing';
COMMENT ON COLUMN @schema@.journal.event IS '业务事件';
COMMENT ON COLUMN @schema@.journal.effective_on IS '业务日期';
COMMENT ON COLUMN @schema@.journal.period IS '会计期间: month of effective_on';
COMMENT ON COLUMN @schema@.journal.booked_at IS '记账时间: when its statement began';
COMMENT ON COLUMN @schema@.journal.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.payment.payment_id IS '付款编号, the caller''s key';
COMMENT ON COLUMN @schema@.payment.fund IS '付款基金: resident, assistance';
COMMENT ON COLUMN @schema@.payment.fixmedins_code IS '定点医药机构编号 that is paid, with clr_ym';
COMMENT ON COLUMN @schema@.payment.clr_ym IS '清算年月, yyyymm';
COMMENT ON COLUMN @schema@.payment.setl_id IS '结算ID of the one person''s settlement that is paid instead';
COMMENT ON COLUMN @schema@.payment.drawn_on IS '申请日期';
COMMENT ON COLUMN @schema@.payment.bank_ref IS '银行流水号';
COMMENT ON COLUMN @schema@.payment.party IS '收款方 (filled): provider, or psn: and the person''s number';
COMMENT ON COLUMN @schema@.payment.drawn_by IS '申请人: the login that drew it up (filled)';
COMMENT ON COLUMN @schema@.payment.drawn_at IS '申请时间 (filled)';
COMMENT ON COLUMN @schema@.payment.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.payment.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.payment_approval.payment_id IS '付款编号: one decision each';
COMMENT ON COLUMN @schema@.payment_approval.decision IS '审批结论: approve or reject';
COMMENT ON COLUMN @schema@.payment_approval.paid_on IS '付款日期, the accounting period is its month';
COMMENT ON COLUMN @schema@.payment_approval.amt IS '金额, yuan: filled on approval; given, it must be the payment''s';
COMMENT ON COLUMN @schema@.payment_approval.journal_id IS '凭证号. The journal that booked it (filled)';
COMMENT ON COLUMN @schema@.payment_approval.approved_by IS '审批人: the login (filled)';
COMMENT ON COLUMN @schema@.payment_approval.approved_at IS '审批时间 (filled)';
COMMENT ON COLUMN @schema@.payment_approval.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.payment_approval.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.payment_item.nth IS '第几次: 1, and one more for each payment of the item that the bank returned';
COMMENT ON COLUMN @schema@.payment_item.setl_id IS '结算ID';
COMMENT ON COLUMN @schema@.payment_item.layer IS '待遇层次';
COMMENT ON COLUMN @schema@.payment_item.payment_id IS '付款编号';
COMMENT ON COLUMN @schema@.payment_item.fund IS '付款基金';
COMMENT ON COLUMN @schema@.payment_item.pool IS '基金池; NULL where an outside payer''s part was advanced';
COMMENT ON COLUMN @schema@.payment_item.payer_kind IS '支付方类型';
COMMENT ON COLUMN @schema@.payment_item.amount_fen IS '金额, fen (分); negative where it was recovered';
COMMENT ON COLUMN @schema@.payment_item.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.payment_lock.fund IS '基金';
COMMENT ON COLUMN @schema@.payment_lock.payments IS '付款次数; that it changes makes older snapshots fail';

COMMENT ON COLUMN @schema@.period.period IS '会计期间, yyyy-mm';
COMMENT ON COLUMN @schema@.period.closed IS '已结账';
COMMENT ON COLUMN @schema@.period.closed_by IS '结账人: the login (filled)';
COMMENT ON COLUMN @schema@.period.closed_at IS '结账时间 (filled)';

COMMENT ON COLUMN @schema@.policy.title IS '文件标题, from the document';
COMMENT ON COLUMN @schema@.policy.published_by IS '发布人: the login (filled)';
COMMENT ON COLUMN @schema@.policy.published_at IS '发布时间 (filled)';
COMMENT ON COLUMN @schema@.policy.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.policy.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.policy_layer.policy_id IS '政策编号';
COMMENT ON COLUMN @schema@.policy_layer.layer IS '待遇层次: basic, serious, assistance, supplement';
COMMENT ON COLUMN @schema@.policy_layer.payer_kind IS '支付方类型: own_fund 本基金, other_book 医疗救助账, external 外部';
COMMENT ON COLUMN @schema@.policy_layer.payer IS '支付方名称';
COMMENT ON COLUMN @schema@.policy_layer.fund IS '记账基金';
COMMENT ON COLUMN @schema@.policy_layer.pays IS '付款方式: own, hospital_direct 直付医院, centre_advances 中心垫付, unknown';
COMMENT ON COLUMN @schema@.policy_layer.model IS '大病承办方式';
COMMENT ON COLUMN @schema@.policy_layer.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.pool.pool IS '基金池';
COMMENT ON COLUMN @schema@.pool.fund IS '所属基金';
COMMENT ON COLUMN @schema@.pool.name_zh IS '中文名称';
COMMENT ON COLUMN @schema@.pool.source IS '依据';

COMMENT ON COLUMN @schema@.posting_rule.event IS '业务事件';
COMMENT ON COLUMN @schema@.posting_rule.line IS '行号';
COMMENT ON COLUMN @schema@.posting_rule.book IS '账簿: G, P or S';
COMMENT ON COLUMN @schema@.posting_rule.side IS '方向: debit 借, credit 贷';
COMMENT ON COLUMN @schema@.posting_rule.role IS '科目角色, or $name';
COMMENT ON COLUMN @schema@.posting_rule.pool_expr IS '基金池, or $name; NULL: none';
COMMENT ON COLUMN @schema@.posting_rule.party_expr IS '往来对方, or $name; NULL: none';
COMMENT ON COLUMN @schema@.posting_rule.amount_expr IS '金额: names joined by + and -';
COMMENT ON COLUMN @schema@.posting_rule.source IS '依据';
COMMENT ON COLUMN @schema@.posting_rule.trust IS '依据的可信程度';

COMMENT ON COLUMN @schema@.premium.heads IS '核定参保人数 of a true_up: filled when NULL with the head count in force, and no other than that where there is one';
COMMENT ON COLUMN @schema@.premium.headcount_id IS '核准的参保人数快照 that heads of a true_up were taken from (filled)';
COMMENT ON COLUMN @schema@.premium.premium_id IS '编号, the caller''s key';
COMMENT ON COLUMN @schema@.premium.insutype IS '险种类型';
COMMENT ON COLUMN @schema@.premium.kind IS '类型: set_aside 提取, true_up 核定, remit 上缴';
COMMENT ON COLUMN @schema@.premium.coverage_year IS '参保年度';
COMMENT ON COLUMN @schema@.premium.booked_on IS '记账日期, the accounting period is its month; of what is remitted the day it was drawn up';
COMMENT ON COLUMN @schema@.premium.amt IS '金额, yuan';
COMMENT ON COLUMN @schema@.premium.out_amt IS '其中门诊统筹, yuan: filled by the policy''s share when both are NULL';
COMMENT ON COLUMN @schema@.premium.ipt_amt IS '其中住院统筹, yuan: filled by the policy''s share when both are NULL';
COMMENT ON COLUMN @schema@.premium.doc_no IS '文号';
COMMENT ON COLUMN @schema@.premium.policy_id IS '依据的政策 (filled)';
COMMENT ON COLUMN @schema@.premium.journal_id IS '凭证号. The journal that booked it (filled)';
COMMENT ON COLUMN @schema@.premium.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.premium.booked_at IS '记账时间. When its statement began (filled)';
COMMENT ON COLUMN @schema@.premium.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.premium.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';
COMMENT ON COLUMN @schema@.premium_approval.premium_id IS '编号 of a premium of kind remit: one decision each';
COMMENT ON COLUMN @schema@.premium_approval.decision IS '审批结论: approve or reject';
COMMENT ON COLUMN @schema@.premium_approval.paid_on IS '付款日期, the accounting period is its month';
COMMENT ON COLUMN @schema@.premium_approval.doc_no IS '批准文号';
COMMENT ON COLUMN @schema@.premium_approval.approved_by IS '审批人: the login (filled)';
COMMENT ON COLUMN @schema@.premium_approval.approved_at IS '审批时间 (filled)';
COMMENT ON COLUMN @schema@.premium_approval.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.premium_approval.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.receipt.insutype IS '险种类型 whose policy splits it';
COMMENT ON COLUMN @schema@.receipt.payer IS '缴款单位';
COMMENT ON COLUMN @schema@.receipt.doc_no IS '文号';
COMMENT ON COLUMN @schema@.receipt.policy_id IS '依据的政策 (filled)';
COMMENT ON COLUMN @schema@.receipt.journal_id IS '凭证号. The journal that booked it (filled)';
COMMENT ON COLUMN @schema@.receipt.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.receipt.booked_at IS '记账时间. When its statement began (filled)';
COMMENT ON COLUMN @schema@.receipt.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.receipt.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.receipt_key.receipt_id IS '收入编号';

COMMENT ON COLUMN @schema@.slot.pool IS '基金池';
COMMENT ON COLUMN @schema@.slot.slot IS '槽号, from 0';
COMMENT ON COLUMN @schema@.slot.exact IS '精确判定次数. On slot 0: how often no one slot had enough, so that all were locked and their sum decided (and sufficed)';
COMMENT ON COLUMN @schema@.slot.avail IS '可用额度, fen (分), never below zero';

COMMENT ON COLUMN @schema@.split_bucket.fund IS '基金';
COMMENT ON COLUMN @schema@.split_bucket.coverage_year IS '参保年度';
COMMENT ON COLUMN @schema@.split_bucket.rule IS '分配规则: scheme, outpatient share, rounding';
COMMENT ON COLUMN @schema@.split_bucket.outpatient IS '门诊比例';
COMMENT ON COLUMN @schema@.split_bucket.rounding IS '尾差处理: half_up_outpatient, floor_residual_inpatient';
COMMENT ON COLUMN @schema@.split_bucket.total_fen IS '累计分配, fen (分)';
COMMENT ON COLUMN @schema@.split_bucket.out_fen IS '其中门诊, fen (分)';

COMMENT ON COLUMN @schema@.transfer.transfer_id IS '调剂编号, the caller''s key';
COMMENT ON COLUMN @schema@.transfer.from_pool IS '转出池: outpatient or inpatient';
COMMENT ON COLUMN @schema@.transfer.to_pool IS '转入池';
COMMENT ON COLUMN @schema@.transfer.amt IS '金额, yuan';
COMMENT ON COLUMN @schema@.transfer.reason IS '理由';
COMMENT ON COLUMN @schema@.transfer.proposed_on IS '申请日期';
COMMENT ON COLUMN @schema@.transfer.reverses IS '冲销的调剂: pools and amount are taken from it';
COMMENT ON COLUMN @schema@.transfer.out_visits_before IS '上期门诊人次 (filled)';
COMMENT ON COLUMN @schema@.transfer.out_cost_before IS '上期门诊统筹支付, yuan (filled)';
COMMENT ON COLUMN @schema@.transfer.ipt_visits_before IS '上期住院人次 (filled)';
COMMENT ON COLUMN @schema@.transfer.ipt_cost_before IS '上期住院统筹支付, yuan (filled)';
COMMENT ON COLUMN @schema@.transfer.open_months IS '未结账月数: of those 12 months, how many the books have not closed, so that the figures may change (filled)';
COMMENT ON COLUMN @schema@.transfer.proposed_by IS '申请人: the login (filled)';
COMMENT ON COLUMN @schema@.transfer.proposed_at IS '申请时间 (filled)';
COMMENT ON COLUMN @schema@.transfer.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.transfer.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.transfer_approval.transfer_id IS '调剂编号: one decision each';
COMMENT ON COLUMN @schema@.transfer_approval.decision IS '审批结论: approve or reject';
COMMENT ON COLUMN @schema@.transfer_approval.approved_on IS '审批日期, the accounting period is its month';
COMMENT ON COLUMN @schema@.transfer_approval.doc_no IS '批准文号';
COMMENT ON COLUMN @schema@.transfer_approval.journal_id IS '凭证号. The journal that booked it (filled)';
COMMENT ON COLUMN @schema@.transfer_approval.approved_by IS '审批人: the login (filled)';
COMMENT ON COLUMN @schema@.transfer_approval.approved_at IS '审批时间 (filled)';
COMMENT ON COLUMN @schema@.transfer_approval.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.transfer_approval.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.bank_account.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.bank_account.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.bank_account.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.bank_account.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.bank_account_close.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.bank_account_close.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.bank_account_close.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.bank_account_close.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.class_change.booked_by IS '经办用户. The login that inserted it (filled)';
COMMENT ON COLUMN @schema@.class_change.booked_at IS '登记时间 (filled)';
COMMENT ON COLUMN @schema@.class_change.req_hash IS '请求摘要. SHA-256 of the row as it was sent (filled): tells a repetition from another use of the key';
COMMENT ON COLUMN @schema@.class_change.row_hash IS '行摘要. SHA-256 of the other columns (filled); verify computes it again';

COMMENT ON COLUMN @schema@.receipt.account_id IS '银行账户 that received it; NULL: the only open one of the class, or its main one';
COMMENT ON COLUMN @schema@.cash_move.from_account IS '转出账户; NULL: the only open one of the class, or its main one';
COMMENT ON COLUMN @schema@.cash_move.to_account IS '转入账户; as from_account';
COMMENT ON COLUMN @schema@.premium.account_id IS '付款账户 of what is remitted; NULL: the only open one of the class, or its main one';
COMMENT ON COLUMN @schema@.payment_approval.account_id IS '付款账户; NULL: the only open one of the class, or its main one';
