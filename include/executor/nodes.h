/*
 * executor/nodes.h
 *		Begin, end and start over of each kind of plan node (node*.c).
 */
#ifndef EXECUTOR_NODES_H
#define EXECUTOR_NODES_H

#include "nodes/execnodes.h"

extern PlanState *ExecInitResult(Result *node, EState *estate, int eflags);
extern void ExecReScanResult(ResultState *node);

extern PlanState *
ExecInitProjectSet(ProjectSet *node, EState *estate, int eflags);
extern void ExecReScanProjectSet(ProjectSetState *node);

extern PlanState *
ExecInitModifyTable(ModifyTable *node, EState *estate, int eflags);
extern void ExecEndModifyTable(ModifyTableState *node);

extern PlanState *ExecInitLockRows(LockRows *node, EState *estate, int eflags);
extern void ExecEndLockRows(LockRowsState *node);

extern PlanState *ExecInitAppend(Append *node, EState *estate, int eflags);
extern void ExecEndAppend(AppendState *node);
extern void ExecReScanAppend(AppendState *node);

extern PlanState *ExecInitSetOp(SetOp *node, EState *estate, int eflags);
extern void ExecReScanSetOp(SetOpState *node);

extern PlanState *ExecInitSeqScan(SeqScan *node, EState *estate, int eflags);
extern void ExecEndSeqScan(SeqScanState *node);
extern void ExecReScanSeqScan(SeqScanState *node);

extern PlanState *
ExecInitIndexScan(IndexScan *node, EState *estate, int eflags);
extern void ExecEndIndexScan(IndexScanState *node);
extern void ExecReScanIndexScan(IndexScanState *node);

extern PlanState *
ExecInitSubqueryScan(SubqueryScan *node, EState *estate, int eflags);

extern PlanState *
ExecInitFunctionScan(FunctionScan *node, EState *estate, int eflags);
extern void ExecEndFunctionScan(FunctionScanState *node);
extern void ExecReScanFunctionScan(FunctionScanState *node);

extern PlanState *
ExecInitValuesScan(ValuesScan *node, EState *estate, int eflags);
extern void ExecReScanValuesScan(ValuesScanState *node);

extern PlanState *ExecInitCteScan(CteScan *node, EState *estate, int eflags);
extern void ExecEndCteScan(CteScanState *node);
extern void ExecReScanCteScan(CteScanState *node);

extern PlanState *
ExecInitSystemViewScan(SystemViewScan *node, EState *estate, int eflags);
extern void ExecEndSystemViewScan(SystemViewScanState *node);
extern void ExecReScanSystemViewScan(SystemViewScanState *node);

extern PlanState *ExecInitNestLoop(NestLoop *node, EState *estate, int eflags);
extern void ExecReScanNestLoop(NestLoopState *node);

extern PlanState *ExecInitMaterial(Material *node, EState *estate, int eflags);
extern void ExecEndMaterial(MaterialState *node);
extern void ExecReScanMaterial(MaterialState *node);

extern PlanState *ExecInitSort(Sort *node, EState *estate, int eflags);
extern void ExecEndSort(SortState *node);
extern void ExecReScanSort(SortState *node);

extern PlanState *ExecInitAgg(Agg *node, EState *estate, int eflags);
extern void ExecEndAgg(AggState *node);
extern void ExecReScanAgg(AggState *node);

extern PlanState *ExecInitUnique(Unique *node, EState *estate, int eflags);
extern void ExecReScanUnique(UniqueState *node);

extern PlanState *ExecInitLimit(Limit *node, EState *estate, int eflags);
extern void ExecReScanLimit(LimitState *node);

#endif /* EXECUTOR_NODES_H */
