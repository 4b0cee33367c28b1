/*
 * parsenodes.h
 *		The result of parse analysis: Query and what hangs from it.
 *
 * A raw statement is libpg_query's tree (RawStmt.stmt).  Analysis makes a
 * Query of SELECT, INSERT, DELETE, VALUES; every other statement becomes a
 * Query with commandType CMD_UTILITY whose utilityStmt is the raw tree.
 *
 * Corresponds to PostgreSQL's nodes/parsenodes.h.
 */
#ifndef PARSENODES_H
#define PARSENODES_H

#include "nodes/lockoptions.h"
#include "nodes/primnodes.h"
#include "nodes/value.h"
#include "parser/pg_query_tree.h"

/* a statement as parsed; memory belongs to the context it was parsed in */
typedef struct RawStmt
{
	NodeTag type;
	PgQuery__Node *stmt;
	int stmt_location; /* start in the source text, -1 if unknown */
	int stmt_len;      /* in bytes, 0 = to the end */
} RawStmt;

/* FOR UPDATE etc. are not known; the portal code asks these of a Query */
typedef enum QuerySource
{
	QSRC_ORIGINAL,
	QSRC_PARSER
} QuerySource;

typedef struct Query
{
	NodeTag type;
	CmdType commandType;
	QuerySource querySource;
	uint64 queryId;
	bool canSetTag;
	PgQuery__Node *utilityStmt; /* if CMD_UTILITY */
	struct Query *utilityQuery; /* EXPLAIN: the analyzed inner statement */
	int resultRelation; /* rt index of the target of INSERT/DELETE, or 0 */
	bool hasAggs;
	bool hasSubLinks;
	bool hasTargetSRFs;
	List *cteList; /* CommonTableExprs */
	List *rtable;  /* RangeTblEntries */
	FromExpr *jointree;
	List *targetList;    /* TargetEntries */
	List *returningList; /* TargetEntries */
	List *groupClause;   /* SortGroupClauses */
	Node *havingQual;
	List *distinctClause; /* SortGroupClauses */
	List *sortClause;     /* SortGroupClauses */
	Node *limitOffset;
	Node *limitCount;
	LimitOption limitOption;
	List *rowMarks;      /* RowMarkClauses: FOR UPDATE */
	Node *setOperations; /* SetOperationStmt, or NULL */
	int stmt_location;
	int stmt_len;
} Query;

/*
 * UNION, INTERSECT or EXCEPT of two inputs, each another one or a RangeTblRef
 * of a sub-select.  The columns have common types; those of an input may still
 * differ.  The Query's target list has Vars of the leftmost sub-select, with
 * the common types.
 */
typedef struct SetOperationStmt
{
	NodeTag type;
	SetOperation op;
	bool all;
	Node *larg;
	Node *rarg;
	List *colTypes; /* OIDs */
	List *colTypmods;
	List *colCollations;
	List *groupClauses; /* SortGroupClauses, one per column; NIL: UNION ALL */
} SetOperationStmt;

typedef enum RTEKind
{
	RTE_RELATION,
	RTE_SUBQUERY,
	RTE_JOIN,
	RTE_FUNCTION,
	RTE_TABLEFUNC,
	RTE_VALUES,
	RTE_CTE,
	RTE_NAMEDTUPLESTORE,
	RTE_RESULT
} RTEKind;

typedef struct RangeTblEntry
{
	NodeTag type;
	RTEKind rtekind;
	/* RTE_RELATION */
	Oid relid;
	char relkind;
	int rellockmode;
	uint32 requiredPerms; /* AclMode: what the current user must have */
	/* RTE_SUBQUERY */
	Query *subquery;
	/* RTE_FUNCTION */
	FuncExpr *funcexpr;
	/* RTE_VALUES: list of lists of expressions */
	List *values_lists;
	/* RTE_CTE: name and how many query levels up */
	char *ctename;
	Index ctelevelsup;
	/* columns of VALUES and functions: OIDs, typmods, collations */
	List *coltypes;
	List *coltypmods;
	List *colcollations;
	/* all kinds */
	Alias *alias; /* as written, or NULL */
	Alias *eref;  /* the names that expressions use */
	bool lateral;
	bool inh;
	bool inFromCl;
} RangeTblEntry;

/* FOR UPDATE or FOR NO KEY UPDATE of one table of the query. */
typedef struct RowMarkClause
{
	NodeTag type;
	Index rti;
	LockClauseStrength strength;
	LockWaitPolicy waitPolicy;
} RowMarkClause;

typedef struct SortGroupClause
{
	NodeTag type;
	Index tleSortGroupRef; /* the TargetEntry's ressortgroupref */
	Oid eqop;
	Oid sortop;
	bool nulls_first;
	bool hashable;
} SortGroupClause;

typedef enum DefElemAction
{
	DEFELEM_UNSPEC,
	DEFELEM_SET,
	DEFELEM_ADD,
	DEFELEM_DROP
} DefElemAction;

/* name = value of an option list: WITH (...), COPY and EXPLAIN options */
typedef struct DefElem
{
	NodeTag type;
	char *defnamespace;
	char *defname;
	Node *arg; /* Integer, Float, Boolean, String, TypeName, List or NULL */
	DefElemAction defaction;
	int location;
} DefElem;

typedef struct TypeName
{
	NodeTag type;
	List *names; /* Strings: [schema,] name */
	Oid typeOid;
	bool setof;
	bool pct_type;
	List *typmods; /* Strings and numbers; NULL: what is no modifier */
	int32 typemod; /* -1 unless known */
	List *arrayBounds;
	int location;
} TypeName;

typedef enum CTEMaterialize
{
	CTEMaterializeDefault,
	CTEMaterializeAlways,
	CTEMaterializeNever
} CTEMaterialize;

typedef struct CommonTableExpr
{
	NodeTag type;
	char *ctename;
	List *aliascolnames;
	CTEMaterialize ctematerialized;
	Query *ctequery;
	int cterefcount;
	int location;
} CommonTableExpr;

/* ORDER BY of an index column or a sort key */
typedef enum SortByDir
{
	SORTBY_DEFAULT,
	SORTBY_ASC,
	SORTBY_DESC,
	SORTBY_USING
} SortByDir;

typedef enum SortByNulls
{
	SORTBY_NULLS_DEFAULT,
	SORTBY_NULLS_FIRST,
	SORTBY_NULLS_LAST
} SortByNulls;

typedef enum DropBehavior
{
	DROP_RESTRICT,
	DROP_CASCADE
} DropBehavior;

typedef enum ObjectType
{
	OBJECT_TABLE,
	OBJECT_INDEX,
	OBJECT_VIEW,
	OBJECT_SEQUENCE,
	OBJECT_TYPE,
	OBJECT_FUNCTION,
	OBJECT_OPERATOR,
	OBJECT_OPCLASS,
	OBJECT_SCHEMA,
	OBJECT_EXTENSION,
	OBJECT_COLUMN
} ObjectType;

/* options of a cursor or plan request */
#define CURSOR_OPT_BINARY 0x0001
#define CURSOR_OPT_SCROLL 0x0002
#define CURSOR_OPT_NO_SCROLL 0x0004
#define CURSOR_OPT_HOLD 0x0020
#define CURSOR_OPT_FAST_PLAN 0x0100
#define CURSOR_OPT_GENERIC_PLAN 0x0200
#define CURSOR_OPT_CUSTOM_PLAN 0x0400
#define CURSOR_OPT_PARALLEL_OK 0x0800

#endif /* PARSENODES_H */
