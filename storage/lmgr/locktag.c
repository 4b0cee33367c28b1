/*
 * locktag.c
 *		Names of what heavyweight locks are on, for messages and views.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "storage/lock.h"

/* As pg_locks.locktype and the wait events show them. */
const char *const LockTagTypeNames[] = {
	"relation", "extend",        "frozenid",   "page",
	"tuple",    "transactionid", "virtualxid", "spectoken",
	"object",   "userlock",      "advisory",
};

StaticAssertDecl(lengthof(LockTagTypeNames) == LOCKTAG_LAST_TYPE + 1,
                 "LockTagTypeNames does not match LockTagType");

void
DescribeLockTag(StringInfo buf, const LOCKTAG *tag)
{
	switch ((LockTagType) tag->locktag_type)
	{
		case LOCKTAG_RELATION:
			appendStringInfo(buf, "relation %u of database %u",
			                 tag->locktag_field2, tag->locktag_field1);
			break;
		case LOCKTAG_RELATION_EXTEND:
			appendStringInfo(buf, "extension of relation %u of database %u",
			                 tag->locktag_field2, tag->locktag_field1);
			break;
		case LOCKTAG_DATABASE_FROZEN_IDS:
			appendStringInfo(buf, "pg_database.datfrozenxid of database %u",
			                 tag->locktag_field1);
			break;
		case LOCKTAG_PAGE:
			appendStringInfo(buf, "page %u of relation %u of database %u",
			                 tag->locktag_field3, tag->locktag_field2,
			                 tag->locktag_field1);
			break;
		case LOCKTAG_TUPLE:
			appendStringInfo(buf, "tuple (%u,%u) of relation %u of database %u",
			                 tag->locktag_field3, tag->locktag_field4,
			                 tag->locktag_field2, tag->locktag_field1);
			break;
		case LOCKTAG_TRANSACTION:
			appendStringInfo(buf, "transaction %u", tag->locktag_field1);
			break;
		case LOCKTAG_VIRTUALTRANSACTION:
			appendStringInfo(buf, "virtual transaction %d/%u",
			                 (int) tag->locktag_field1, tag->locktag_field2);
			break;
		case LOCKTAG_SPECULATIVE_TOKEN:
			appendStringInfo(buf, "speculative token %u of transaction %u",
			                 tag->locktag_field2, tag->locktag_field1);
			break;
		case LOCKTAG_OBJECT:
			appendStringInfo(buf, "object %u of class %u of database %u",
			                 tag->locktag_field3, tag->locktag_field2,
			                 tag->locktag_field1);
			break;
		case LOCKTAG_USERLOCK:
			appendStringInfo(buf, "user lock [%u,%u,%u]", tag->locktag_field1,
			                 tag->locktag_field2, tag->locktag_field3);
			break;
		case LOCKTAG_ADVISORY:
			appendStringInfo(buf, "advisory lock [%u,%u,%u,%u]",
			                 tag->locktag_field1, tag->locktag_field2,
			                 tag->locktag_field3, tag->locktag_field4);
			break;
		default:
			appendStringInfo(buf, "unrecognized locktag type %d",
			                 (int) tag->locktag_type);
			break;
	}
}

const char *
GetLockNameFromTagType(uint32 locktag_type)
{
	if (locktag_type > LOCKTAG_LAST_TYPE)
		return "???";
	return LockTagTypeNames[locktag_type];
}
