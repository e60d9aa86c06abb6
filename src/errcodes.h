/*
 * errcodes.h
 *	  The SQLSTATEs of yibao: class YB, listed in doc/errors.md.
 *
 * Applications branch on them, so a number is never given a second meaning.
 */
#ifndef YIBAO_ERRCODES_H
#define YIBAO_ERRCODES_H

#define YBERR(d1, d2, d3) MAKE_SQLSTATE('Y', 'B', d1, d2, d3)

/* 0xx: the claim */
#define ERRCODE_YB_AMOUNT_SCALE			YBERR('0', '0', '1')
#define ERRCODE_YB_AMOUNT_RANGE			YBERR('0', '0', '2')
#define ERRCODE_YB_PARTS				YBERR('0', '0', '3')
#define ERRCODE_YB_UNKNOWN_CODE			YBERR('0', '0', '4')
#define ERRCODE_YB_FIELD_MISSING		YBERR('0', '0', '5')
#define ERRCODE_YB_FIELD_NULL			YBERR('0', '0', '6')
#define ERRCODE_YB_FIELD_TYPE			YBERR('0', '0', '7')
#define ERRCODE_YB_NO_POLICY			YBERR('0', '0', '8')
#define ERRCODE_YB_NOT_A_CLAIM			YBERR('0', '0', '9')
#define ERRCODE_YB_ACCUMULATORS			YBERR('0', '1', '0')
#define ERRCODE_YB_REPLAY_WINDOW		YBERR('0', '1', '1')

/* 1xx: the policy document */
#define ERRCODE_YB_POLICY_SYNTAX		YBERR('1', '0', '1')
#define ERRCODE_YB_POLICY_UNKNOWN_KEY	YBERR('1', '0', '2')
#define ERRCODE_YB_POLICY_DUPLICATE_KEY YBERR('1', '0', '3')
#define ERRCODE_YB_POLICY_MISSING_KEY	YBERR('1', '0', '4')
#define ERRCODE_YB_POLICY_VALUE			YBERR('1', '0', '5')
#define ERRCODE_YB_POLICY_CONFLICT		YBERR('1', '0', '6')
#define ERRCODE_YB_POLICY_GAP			YBERR('1', '0', '7')
#define ERRCODE_YB_POLICY_SOURCE		YBERR('1', '0', '8')
#define ERRCODE_YB_POLICY_LIMIT			YBERR('1', '0', '9')
#define ERRCODE_YB_POLICY_VERSION		YBERR('1', '1', '0')
#define ERRCODE_YB_POLICY_BOUND			YBERR('1', '1', '1')

/* 2xx: the policy does not decide this claim */
#define ERRCODE_YB_NOT_COVERED			YBERR('2', '0', '1')
#define ERRCODE_YB_UNDECIDED			YBERR('2', '0', '2')

#define ERRCODE_YB_CROSS_YEAR			YBERR('2', '0', '3')
#define ERRCODE_YB_MANUAL_ONLY			YBERR('2', '0', '4')

/* 3xx: the fund */
#define ERRCODE_YB_FUND_SHORT			YBERR('3', '0', '1')
#define ERRCODE_YB_FLOW					YBERR('3', '0', '2')
#define ERRCODE_YB_SPLIT				YBERR('3', '0', '3')
#define ERRCODE_YB_APPEND_ONLY			YBERR('3', '0', '4')
#define ERRCODE_YB_DIRECT_WRITE			YBERR('3', '0', '5')
#define ERRCODE_YB_PERIOD_CLOSED		YBERR('3', '0', '6')
#define ERRCODE_YB_DOES_NOT_FIT			YBERR('3', '0', '7')

/* 4xx: who may */
#define ERRCODE_YB_SAME_PERSON			YBERR('4', '0', '1')
#define ERRCODE_YB_POST					YBERR('4', '0', '2')

/* 5xx: keys, corrections, result columns */
#define ERRCODE_YB_KEY_REUSED			YBERR('5', '0', '1')
#define ERRCODE_YB_NOT_LAST				YBERR('5', '0', '2')
#define ERRCODE_YB_REVERSED				YBERR('5', '0', '3')
#define ERRCODE_YB_RESULT_GIVEN			YBERR('5', '0', '4')
#define ERRCODE_YB_VANISHED				YBERR('5', '0', '5')

/* 6xx: installation */
#define ERRCODE_YB_LIBRARY_OLDER		YBERR('6', '0', '1')
#define ERRCODE_YB_ENCODING				YBERR('6', '0', '2')
#define ERRCODE_YB_NO_AREA				YBERR('6', '0', '3')
#define ERRCODE_YB_MAPPING				YBERR('6', '0', '4')
#define ERRCODE_YB_DATA_ONLY_RESTORE	YBERR('6', '0', '5')

#endif							/* YIBAO_ERRCODES_H */
