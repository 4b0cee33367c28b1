/*
 * access/rmgrlist.h
 *		The resource managers: PG_RMGR(symbol, name, redo, desc, identify,
 *		startup, cleanup, mask).
 *
 * Deliberately without an include guard.  The position is the number in the
 * record, PostgreSQL's; NULL where Tusk writes no such records.
 */
PG_RMGR(RM_XLOG_ID, "XLOG", xlog_redo, xlog_desc, xlog_identify, NULL, NULL,
        NULL)
PG_RMGR(RM_XACT_ID, "Transaction", xact_redo, xact_desc, xact_identify, NULL,
        NULL, NULL)
PG_RMGR(RM_SMGR_ID, "Storage", smgr_redo, smgr_desc, smgr_identify, NULL, NULL,
        NULL)
PG_RMGR(RM_CLOG_ID, "CLOG", clog_redo, clog_desc, clog_identify, NULL, NULL,
        NULL)
PG_RMGR(RM_DBASE_ID, "Database", NULL, NULL, NULL, NULL, NULL, NULL)
PG_RMGR(RM_TBLSPC_ID, "Tablespace", NULL, NULL, NULL, NULL, NULL, NULL)
PG_RMGR(RM_MULTIXACT_ID, "MultiXact", NULL, NULL, NULL, NULL, NULL, NULL)
PG_RMGR(RM_RELMAP_ID, "RelMap", NULL, NULL, NULL, NULL, NULL, NULL)
PG_RMGR(RM_STANDBY_ID, "Standby", standby_redo, standby_desc, standby_identify,
        NULL, NULL, NULL)
PG_RMGR(RM_HEAP2_ID, "Heap2", heap2_redo, heap2_desc, heap2_identify, NULL,
        NULL, NULL)
PG_RMGR(RM_HEAP_ID, "Heap", heap_redo, heap_desc, heap_identify, NULL, NULL,
        NULL)
PG_RMGR(RM_BTREE_ID, "Btree", NULL, NULL, NULL, NULL, NULL, NULL)
PG_RMGR(RM_HASH_ID, "Hash", NULL, NULL, NULL, NULL, NULL, NULL)
PG_RMGR(RM_GIN_ID, "Gin", NULL, NULL, NULL, NULL, NULL, NULL)
PG_RMGR(RM_GIST_ID, "Gist", NULL, NULL, NULL, NULL, NULL, NULL)
PG_RMGR(RM_SEQ_ID, "Sequence", NULL, NULL, NULL, NULL, NULL, NULL)
PG_RMGR(RM_SPGIST_ID, "SPGist", NULL, NULL, NULL, NULL, NULL, NULL)
PG_RMGR(RM_BRIN_ID, "BRIN", NULL, NULL, NULL, NULL, NULL, NULL)
PG_RMGR(RM_COMMIT_TS_ID, "CommitTs", NULL, NULL, NULL, NULL, NULL, NULL)
PG_RMGR(RM_REPLORIGIN_ID, "ReplicationOrigin", NULL, NULL, NULL, NULL, NULL,
        NULL)
PG_RMGR(RM_GENERIC_ID, "Generic", generic_redo, generic_desc, generic_identify,
        NULL, NULL, NULL)
PG_RMGR(RM_LOGICALMSG_ID, "LogicalMessage", NULL, NULL, NULL, NULL, NULL, NULL)
