"""What is broken on purpose, one rule of a protocol each.

Each old text is in its file exactly once; `run.py --list` checks that without
building anything.  `more` is what the matrix is asked beyond its most telling
cases, for faults that are rarer than those; `test` is (suite, name) of a test
that tells the story.
"""


class Mutation:
    def __init__(self, name, file, rule, *edits, more=None, test=None):
        self.name = name
        self.file = file
        self.rule = rule
        self.edits = edits  # (old, new) each
        self.more = more  # options of the matrix
        self.test = test


LWLOCK = "storage/lmgr/lwlock.c"
CV = "storage/lmgr/condition_variable.c"
LATCH = "storage/ipc/latch.c"
SHM_MQ = "storage/ipc/shm_mq.c"
DSM = "storage/ipc/dsm.c"
PHASE = "parallel/build_phase.c"
BUILD = "parallel/index_build.c"
PARALLEL = "parallel/parallel.c"
WORKER = "parallel/parallel_worker.c"
BARRIER = "storage/ipc/barrier.c"
FILESET = "storage/file/sharedfileset.c"
SHAREDSORT = "parallel/sharedsort.c"
SORT = "utils/sort/tuplesort.c"
TAPE = "utils/sort/tuplesort_tape.c"
KMEANS = "access/vector/kmeans.c"
IVFLOAD = "access/ivfflat/ivfload.c"
GRAPH = "access/hnsw/hnswgraph.c"
LINK = "access/hnsw/hnswlink.c"

MUTATIONS = [
    # ---- LWLocks ----
    Mutation(
        "lwlock-no-recheck", LWLOCK,
        "after queueing the lock is tried once more",
        ("		if (!LWLockAttemptLock(lock, mode))\n		{\n"
         "			LWLockDequeueSelf(lock);",
         "		if (lock == NULL)\n		{\n			LWLockDequeueSelf(lock);")),
    Mutation(
        "lwlock-release-ok-stays-off", LWLOCK,
        "a woken process lets the next release wake others",
        ("		pg_atomic_fetch_or_u32(&lock->state, LW_FLAG_RELEASE_OK);\n"
         "		result = false;", "		result = false;")),
    Mutation(
        "lwlock-posts-not-given-back", LWLOCK,
        "a post for something else is given back",
        ("	while (extraWaits-- > 0)\n		PGSemaphoreUnlock(MyProc->sem);",
         "	(void) extraWaits;")),
    Mutation(
        "lwlock-update-wakes-nobody", LWLOCK,
        "who moves the variable on wakes those who wait for it",
        ("		if (waiter->lwWaitMode != LW_WAIT_UNTIL_FREE)\n			break;",
         "		if (waiter != NULL)\n			break;")),
    # ---- condition variables ----
    Mutation(
        "cv-broadcast-wakes-one", CV,
        "a broadcast wakes all",
        ("			proclist_push_tail(&cv->wakeup, MyProcNumber, cvWaitLink);\n"
         "			have_sentinel = true;",
         "			have_sentinel = false;")),
    Mutation(
        "cv-signal-not-passed-on", CV,
        "who leaves with a signal passes it on",
        ("	if (signaled)\n		ConditionVariableSignal(cv);\n", "")),
    Mutation(
        "cv-latch-not-set", CV,
        "a signal wakes the one that it takes off the list",
        ("	INJECTION_POINT_NOTHROW(\"cv-signal-latch\");\n	if (proc != NULL)",
         "	INJECTION_POINT_NOTHROW(\"cv-signal-latch\");\n	if (proc == MyProc)")),
    Mutation(
        "cv-latch-reset-after-test", CV,
        "the latch is reset before the list is looked at",
        ("		ResetLatch(MyLatch);\n\n		/* Signalled", "		/* Signalled"),
        ("		/* Invariant 2. */\n",
         "		ResetLatch(MyLatch);\n")),
    # ---- latches ----
    Mutation(
        "latch-maybe-sleeping-late", LATCH,
        "maybe_sleeping is set before is_set is looked at for the last time",
        ("			*(volatile sig_atomic_t *) &set->latch->maybe_sleeping = "
         "true;\n			pg_memory_barrier(); /* invariant 1; pairs with "
         "SetLatch */\n", "			pg_memory_barrier();\n")),
    Mutation(
        "latch-set-without-signal", LATCH,
        "a latch whose owner may sleep is set with a signal",
        ("	if (owner_pid != 0)\n	{\n		kill(", "	if (owner_pid < 0)\n	{\n		kill(")),
    # ---- queues ----
    Mutation(
        "mq-detach-without-wake", SHM_MQ,
        "who detaches wakes the other side",
        ("	INJECTION_POINT_NOTHROW(\"shm-mq-detached\");\n	if (victim != NULL)",
         "	INJECTION_POINT_NOTHROW(\"shm-mq-detached\");\n	if (victim == MyProc)")),
    Mutation(
        "mq-last-message-lost", SHM_MQ,
        "what was written before the end is read after it",
        ("			if (written != pg_atomic_read_u64(&mq->mq_bytes_written))\n"
         "				continue;\n", "")),
    Mutation(
        "mq-room-not-given-back", SHM_MQ,
        "a reader gives back what it has read before it sleeps",
        ("		if (mqh->mqh_consume_pending > 0)\n		{\n			GiveBack(",
         "		if (mqh == NULL)\n		{\n			GiveBack(")),
    Mutation(
        "mq-written-not-shown", SHM_MQ,
        "a writer shows what it has written before it sleeps",
        ("			if (mqh->mqh_send_pending > 0)\n			{\n				ShowWritten(",
         "			if (mqh == NULL)\n			{\n				ShowWritten(")),
    # ---- segments ----
    Mutation(
        "dsm-last-one-does-not-destroy", DSM,
        "the last one that detaches destroys the segment",
        ("		if (refcnt == 1)\n			Destroy(",
         "		if (refcnt == 0)\n			Destroy(")),
    Mutation(
        "dsm-attach-not-counted", DSM,
        "who attaches is counted",
        ("		dsm_control->item[i].refcnt++;\n", "")),
    # ---- the phase word ----
    Mutation(
        "phase-compared-wrong", PHASE,
        "only in phase pages does an insert go to pages",
        ("		if (PHASE_OF(word) == BUILD_PHASE_PAGES)",
         "		if (PHASE_OF(word) != BUILD_PHASE_MEMORY)")),
    Mutation(
        "phase-enter-not-undone", PHASE,
        "who may not enter takes its 1 back",
        ("		BuildPhaseLeave(phase);\n		if (PHASE_OF",
         "		if (PHASE_OF")),
    Mutation(
        "phase-not-drained", PHASE,
        "the flusher waits until nobody is inside",
        ("	while (pg_atomic_read_u64(&phase->word) != ONE_PHASE * "
         "BUILD_PHASE_FLUSHING)",
         "	while (BuildPhaseGet(phase) != BUILD_PHASE_FLUSHING)")),
    Mutation(
        "phase-flush-end-wakes-nobody", PHASE,
        "the end of a flush wakes who waits for it",
        ("	INJECTION_POINT(\"build-phase-changed\");\n"
         "	ConditionVariableBroadcast(&phase->cv);",
         "	INJECTION_POINT(\"build-phase-changed\");")),
    Mutation(
        "phase-drained-wakes-one", PHASE,
        "the last one inside wakes all",
        ("		INJECTION_POINT(\"build-phase-last-left\");\n"
         "		ConditionVariableBroadcast(&phase->cv);",
         "		INJECTION_POINT(\"build-phase-last-left\");\n"
         "		ConditionVariableSignal(&phase->cv);")),
    # ---- the build ----
    Mutation(
        "build-signal-before-count", BUILD,
        "a participant is counted before it signals",
        ("	SpinLockAcquire(&shared->mutex);\n	shared->nparticipantsdone++;",
         "	ConditionVariableSignal(&shared->workersdonecv);\n"
         "	BUILD_STEP(\"build-participant-done\", build->participant);\n"
         "	SpinLockAcquire(&shared->mutex);\n	shared->nparticipantsdone++;"),
        ("	/* Only the leader waits on it. */\n"
         "	ConditionVariableSignal(&shared->workersdonecv);\n", "")),
    Mutation(
        "build-counts-requested", BUILD,
        "the leader counts those launched, not those asked for",
        ("	build->nparticipants = build->pcxt->nworkers_launched +",
         "	build->nparticipants = build->shared->nparticipants_max - 1 +"),
        more=["--scenario", "parallel", "--points", "bgworker-*"]),
    Mutation(
        "build-no-attach-wait", BUILD,
        "all workers have attached before the leader waits for their count",
        ("	WaitForParallelWorkersToAttach(build->pcxt);\n", ""),
        test=("stories", "worker_fails_to_attach")),
    Mutation(
        "build-sums-before-all-are-done", BUILD,
        "sums are taken when all participants are done",
        ("		done = shared->nparticipantsdone == build->nparticipants;",
         "		done = shared->nparticipantsdone + 1 >= build->nparticipants;")),
    Mutation(
        "build-reltuples-twice", BUILD,
        "a participant adds its rows once",
        ("	shared->reltuples += reltuples;",
         "	shared->reltuples += 2 * reltuples;")),
    Mutation(
        "build-prepared-without-broadcast", BUILD,
        "the leader wakes those who wait for prepared",
        ("	ConditionVariableBroadcast(&shared->preparedcv);\n", "")),
    Mutation(
        "build-completion-not-signalled", BUILD,
        "a participant that has completed signals",
        ("	SpinLockRelease(&shared->mutex);\n"
         "	ConditionVariableSignal(&shared->workersdonecv);\n}\n\ndouble",
         "	SpinLockRelease(&shared->mutex);\n}\n\ndouble")),
    # ---- workers ----
    Mutation(
        "worker-not-in-lock-group", WORKER,
        "a worker joins the lock group before it opens anything",
        ("	if (!BecomeLockGroupMember(fps->parallel_leader_pgproc,",
         "	if (fps == NULL &&\n	    !BecomeLockGroupMember("
         "fps->parallel_leader_pgproc,")),
    Mutation(
        "worker-end-without-signal", WORKER,
        "a worker signals its leader when its queue has ended",
        ("	dsm_detach((dsm_segment *) DatumGetPointer(arg));\n",
         "	dsm_detach((dsm_segment *) DatumGetPointer(arg));\n"
         "	if (code >= 0)\n		return;\n"),
        more=["--scenario", "parallel-one-worker", "--points",
              "parallel-worker-redirect", "--actions", "fatal"]),
    Mutation(
        "workers-not-awaited", PARALLEL,
        "a leader that fails goes on when its workers have ended",
        ("	WaitForParallelWorkersToExit(pcxt);\n	RESUME_INTERRUPTS();",
         "	if (pcxt == NULL)\n		WaitForParallelWorkersToExit(pcxt);\n"
         "	RESUME_INTERRUPTS();")),
    Mutation(
        "workers-not-stopped", PARALLEL,
        "a leader that fails stops its workers",
        ("				TerminateBackgroundWorker(pcxt->worker[i].bgwhandle);",
         "				(void) 0;")),
    Mutation(
        "segment-not-detached", PARALLEL,
        "a leader detaches from the segment of its build",
        ("		dsm_detach(pcxt->seg);\n		pcxt->seg = NULL;\n	}\n"
         "	if (pcxt->private",
         "		pcxt->seg = NULL;\n	}\n	if (pcxt->private")),
    # ---- barriers ----
    Mutation(
        "barrier-arrive-wakes-nobody", BARRIER,
        "the last one to arrive wakes those that wait",
        ("		INJECTION_POINT(\"barrier-release\");\n"
         "		ConditionVariableBroadcast(&barrier->condition_variable);\n",
         "		INJECTION_POINT(\"barrier-release\");\n")),
    Mutation(
        "barrier-arrive-wakes-one", BARRIER,
        "the last one to arrive wakes all",
        ("		INJECTION_POINT(\"barrier-release\");\n"
         "		ConditionVariableBroadcast(",
         "		INJECTION_POINT(\"barrier-release\");\n"
         "		ConditionVariableSignal(")),
    Mutation(
        "barrier-leave-wakes-nobody", BARRIER,
        "one that leaves and was the last to be waited for wakes the rest",
        ("	if (release)\n		ConditionVariableBroadcast("
         "&barrier->condition_variable);\n	return last;",
         "	return last;")),
    Mutation(
        "barrier-leaver-waited-for", BARRIER,
        "who leaves without arriving is not waited for",
        ("	release = (arrive || !last) && barrier->arrived",
         "	release = arrive && barrier->arrived")),
    Mutation(
        "barrier-phase-twice", BARRIER,
        "all arrived: the phase is counted once",
        ("	barrier->phase++;", "	barrier->phase += 2;")),
    Mutation(
        "barrier-phase-missed", BARRIER,
        "a late comer joins in the phase that it is counted in",
        ("	SpinLockAcquire(&barrier->mutex);\n	barrier->participants++;\n"
         "	phase = barrier->phase;\n",
         "	phase = barrier->phase;\n	SpinLockAcquire(&barrier->mutex);\n"
         "	barrier->participants++;\n")),
    Mutation(
        "barrier-two-chosen", BARRIER,
        "one is chosen in each phase",
        ("		next_phase(barrier);\n		barrier->elected = "
         "barrier->phase;\n", "		next_phase(barrier);\n")),
    Mutation(
        "barrier-arrived-stays", BARRIER,
        "the next phase begins with nobody arrived",
        ("	barrier->arrived = 0;\n	barrier->phase++;",
         "	barrier->phase++;")),
    # ---- shared sets of files ----
    Mutation(
        "fileset-attach-not-counted", FILESET,
        "who attaches to a set of files is counted",
        ("		fileset->refcnt++;", "		(void) 0;")),
    Mutation(
        "fileset-first-removes", FILESET,
        "the last one that detaches removes the files",
        ("	if (last)\n		FileSetDeleteAll", "	if (!last)\n		"
         "FileSetDeleteAll")),
    Mutation(
        "fileset-stays", FILESET,
        "there is a last one that removes the files",
        ("	last = --fileset->refcnt == 0;",
         "	last = fileset->refcnt-- == 0;")),
    Mutation(
        "fileset-attach-after-the-end", FILESET,
        "nobody attaches to a set whose files are gone",
        ("	there = fileset->refcnt > 0;", "	there = fileset->refcnt >= 0;")),
    # ---- sorts by several ----
    Mutation(
        "sharedsort-counted-unwritten", SHAREDSORT,
        "a part is counted when it is written",
        ("	INJECTION_POINT(\"sharedsort-give\");\n",
         "	SpinLockAcquire(&shared->mutex);\n	shared->partsFinished++;\n"
         "	SpinLockRelease(&shared->mutex);\n"
         "	INJECTION_POINT(\"sharedsort-give\");\n"),
        ("	INJECTION_POINT(\"sharedsort-given\");\n"
         "	SpinLockAcquire(&shared->mutex);\n	shared->partsFinished++;\n"
         "	SpinLockRelease(&shared->mutex);\n",
         "	INJECTION_POINT(\"sharedsort-given\");\n")),
    Mutation(
        "sharedsort-same-part", SHAREDSORT,
        "each participant has a part of its own",
        ("	part = shared->currentPart++;\n"
         "	SpinLockRelease(&shared->mutex);\n",
         "	part = shared->currentPart;\n"
         "	SpinLockRelease(&shared->mutex);\n"
         "	shared->currentPart = part + 1;\n")),
    Mutation(
        "sharedsort-range-border", SHAREDSORT,
        "a range ends before its last key",
        ("	*end = (off_t) offsets[Min(state->endKey, shared->nkeys)];",
         "	*end = (off_t) offsets[Min((int64) state->endKey + 1, "
         "shared->nkeys)];")),
    Mutation(
        "sharedsort-empty-key", SHAREDSORT,
        "a key without tuples begins where the next one does",
        ("		if (counts[key] == 0)\n			offsets[key] = offsets[key + 1];",
         "		if (counts[key] < 0)\n			offsets[key] = offsets[key + 1];")),
    Mutation(
        "sharedsort-key-at-its-end", SHAREDSORT,
        "a key begins with the first of its tuples",
        ("	if (counts[key]++ == 0)", "	if (counts[key]++ >= 0)")),
    Mutation(
        "sharedsort-share-border", SHAREDSORT,
        "a share begins where the one before it ends",
        ("		int64 n = state->share + end;", "		int64 n = state->share + "
         "(end ? 2 * end : 0);")),
    Mutation(
        "sharedsort-last-run-lost", SHAREDSORT,
        "what is in memory when all was put is the last run",
        ("	if (state->status == TSS_BUILDRUNS && state->memtupcount > 0)",
         "	if (state->status == TSS_BUILDRUNS && state->memtupcount < 0)")),
    Mutation(
        "sort-run-not-sorted", TAPE,
        "a run is sorted before it is written",
        ("	tuplesort_sort_memtuples(state);\n	BufFileSeek",
         "	BufFileSeek")),
    Mutation(
        "sort-pass-loses-runs", TAPE,
        "a pass merges the last runs too, though they are fewer",
        ("	for (int first = 0; first < total; first += order)",
         "	for (int first = 0; first + order <= total; first += order)")),
    Mutation(
        "sort-merge-ends-early", TAPE,
        "a merge goes on while there is a run with something in it",
        ("		else if (--state->nmerge > 0)",
         "		else if (--state->nmerge > 1)")),
    # ---- k-means ----
    Mutation(
        "kmeans-program-late", KMEANS,
        "the next step is written down before the barrier is passed",
        ("	write_program(shared, km->step + 1, next);\n	if (Barrier",
         "	if (Barrier"),
        ("	km->step++;\n", "	km->step++;\n"
         "	write_program(shared, km->step, next);\n")),
    Mutation(
        "kmeans-claims-stay", KMEANS,
        "the claims of a step begin at 0",
        ("		pg_atomic_write_u32(&shared->claimed[after], 0);\n", "")),
    Mutation(
        "kmeans-claims-reset-in-use", KMEANS,
        "claims are set to 0 while nobody uses them",
        ("	uint32 after = (km->step + 2) % lengthof(shared->claimed);",
         "	uint32 after = (km->step + 1) % lengthof(shared->claimed);")),
    Mutation(
        "kmeans-block-twice", KMEANS,
        "a block is claimed by one",
        ("(block = pg_atomic_fetch_add_u32(claimed, 1)) < (uint32) nblocks)\n"
         "	{\n", "(block = pg_atomic_read_u32(claimed)) < "
         "(uint32) nblocks)\n	{\n"
         "		pg_atomic_write_u32(claimed, block + 1);\n")),
    Mutation(
        "kmeans-weights-once", KMEANS,
        "what is read for a choice is not written in the step that follows",
        ("	km->weight[1] = km->weight[0] + km->p->nsamples;",
         "	km->weight[1] = km->weight[0];"),
        ("	km->sums[1] = km->sums[0] + KMeansBlocksOf(km->p->nsamples, "
         "SAMPLE_BLOCK);", "	km->sums[1] = km->sums[0];")),
    Mutation(
        "ivfflat-loaded-not-added", IVFLOAD,
        "what all have loaded is added up",
        ("	done += (int64) pg_atomic_fetch_add_u64(loaded, (uint64) done);",
         "	pg_atomic_write_u64(loaded, (uint64) done);")),
    # ---- the graph ----
    Mutation(
        "entry-point-before-element", GRAPH,
        "an element is complete before it becomes the entry point",
        ("	FindNeighbors(b, id, value, e->level, entry);\n"
         "	if (MergeDuplicate",
         "	if (raise)\n		pg_atomic_write_u64(&g->entry, "
         "((uint64) e->level + 1) << 32 | id);\n"
         "	FindNeighbors(b, id, value, e->level, entry);\n"
         "	if (MergeDuplicate")),
    Mutation(
        "entry-point-of-before-the-lock", GRAPH,
        "who may raise the entry point looks at it again under the lock",
        ("		entry = pg_atomic_read_u64(&g->entry);\n	}\n", "	}\n")),
    Mutation(
        "linked-before-its-lists", GRAPH,
        "an element's own lists are complete before it is in others'",
        ("	/* nobody knows the element yet: its own lists need no lock */\n"
         "	for (int lc = 0; lc <= e->level; lc++)\n",
         "	for (int lc = 0; lc <= e->level; lc++)\n"
         "		for (int i = 0; i < b->nselected[lc]; i++)\n"
         "			UpdateConnection(b, b->selected[lc * HNSW_GRAPH_MAX_LM + i].id,"
         " lc, id,\n			                 b->selected[lc * HNSW_GRAPH_MAX_LM + i]"
         ".distance);\n"
         "	for (int lc = 0; lc <= e->level; lc++)\n"),
        ("			UpdateConnection(b, s[i].id, lc, id, s[i].distance);\n",
         "			(void) s;\n")),
    Mutation(
        "taken-over-not-looked-at", LINK,
        "what an element took over is looked at after the link to it",
        ("	if (l->sure && StillHas(s, tid, l->dropped))",
         "	if (StillHas(s, tid, l->dropped) || l->sure)"),
        test=("isolation", "taken_over")),
    # ---- pages and commits ----
    Mutation(
        "pin-not-released", "access/hnsw/hnswflush.c",
        "a page that is written is unpinned",
        ("	MarkBufferDirty(f->buf);\n	UnlockReleaseBuffer(f->buf);",
         "	MarkBufferDirty(f->buf);\n"
         "	LockBuffer(f->buf, BUFFER_LOCK_UNLOCK);")),
    Mutation(
        "published-before-flush", "access/transam/xact.c",
        "a commit is told when its record is on disk",
        ("		XLogFlush(XactLastRecEnd);\n", ""),
        more=["--scenario", "parallel", "--points", "transaction-*",
              "--actions", "kill"]),
]
