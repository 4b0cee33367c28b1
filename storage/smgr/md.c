/*
 * md.c: forks of relations in operating system files.
 *
 * A fork is a row of segment files of RELSEG_SIZE blocks (1 GB): "16384",
 * "16384.1", ...  Every one but the last is exactly full; the fork ends at the
 * first that is not.  mdnblocks relies on it, so a segment is opened for
 * appending only when the one before is full, and truncation goes backwards.
 *
 * Writes go to the kernel only; register_dirty_segment asks the checkpointer
 * to fsync before the next checkpoint counts.  The first segment of a dropped
 * main fork is truncated at once but removed after the next checkpoint, so
 * that its number is not used again before.
 *
 * Corresponds to PostgreSQL's storage/smgr/md.c.
 */
#include "postgres.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/xlogutils.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "storage/bufmgr.h"
#include "storage/fd.h"
#include "storage/md.h"
#include "storage/smgr.h"
#include "storage/sync.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

/* an open segment */
typedef struct _MdfdVec
{
	File mdfd_vfd;
	BlockNumber mdfd_segno;
} MdfdVec;

static MemoryContext MdCxt; /* arrays of open segments */

#define INIT_MD_FILETAG(a, xx_rnode, xx_forknum, xx_segno)            \
	(memset(&(a), 0, sizeof(FileTag)), (a).handler = SYNC_HANDLER_MD, \
	 (a).rnode = (xx_rnode), (a).forknum = (xx_forknum),              \
	 (a).segno = (xx_segno))

/* what _mdfd_getseg does when the segment is not there */
#define EXTENSION_FAIL (1 << 0)        /* ERROR */
#define EXTENSION_RETURN_NULL (1 << 1) /* NULL if the file is not there */
#define EXTENSION_CREATE (1 << 2)      /* make it */

static MdfdVec *mdopenfork(SMgrRelation reln, ForkNumber forknum, int behavior);
static void
register_dirty_segment(SMgrRelation reln, ForkNumber forknum, MdfdVec *seg);
static void register_unlink_segment(RelFileNodeBackend rnode,
                                    ForkNumber forknum, BlockNumber segno);
static void register_forget_request(RelFileNodeBackend rnode,
                                    ForkNumber forknum, BlockNumber segno);
static MdfdVec *_fdvec_add(SMgrRelation reln, ForkNumber forknum, File fd);
static void _fdvec_cut(SMgrRelation reln, ForkNumber forknum, int nseg);
static char *
_mdfd_segpath(SMgrRelation reln, ForkNumber forknum, BlockNumber segno);
static MdfdVec *_mdfd_openseg(SMgrRelation reln, ForkNumber forknum,
                              BlockNumber segno, int oflags);
static MdfdVec *_mdfd_getseg(SMgrRelation reln, ForkNumber forknum,
                             BlockNumber blkno, bool skipFsync, int behavior);
static BlockNumber _mdnblocks(MdfdVec *seg);

static inline off_t
segment_offset(BlockNumber blocknum)
{
	return (off_t) BLCKSZ * (blocknum % (BlockNumber) RELSEG_SIZE);
}

void
mdinit(void)
{
	MdCxt = AllocSetContextCreate(TopMemoryContext, "MdSmgr",
	                              ALLOCSET_DEFAULT_SIZES);
}

void
mdopen(SMgrRelation reln)
{
	for (int forknum = 0; forknum <= MAX_FORKNUM; forknum++)
	{
		reln->md_num_open_segs[forknum] = 0;
		reln->md_seg_fds[forknum] = NULL;
	}
}

bool
mdexists(SMgrRelation reln, ForkNumber forknum)
{
	/* an open segment proves nothing: another process may have removed it */
	mdclose(reln, forknum);
	return mdopenfork(reln, forknum, EXTENSION_RETURN_NULL) != NULL;
}

void
mdcreate(SMgrRelation reln, ForkNumber forknum, bool isRedo)
{
	char *path;
	File fd;
	MdfdVec *mdfd;

	if (isRedo && reln->md_num_open_segs[forknum] > 0)
		return;
	Assert(reln->md_num_open_segs[forknum] == 0);

	path = relpath(reln->smgr_rnode, forknum);
	INJECTION_POINT("md-create");
	fd = PathNameOpenFile(path, O_RDWR | O_CREAT | O_EXCL);
	if (fd < 0)
	{
		int save_errno = errno;

		if (isRedo)
			fd = PathNameOpenFile(path, O_RDWR);
		if (fd < 0)
		{
			errno = save_errno;
			ereport(ERROR, (errcode_for_file_access(),
			                errmsg("could not create file \"%s\": %m", path)));
		}
	}
	pfree(path);

	mdfd = _fdvec_add(reln, forknum, fd);
	/* an empty file must be there after a crash, too */
	if (!SmgrIsTemp(reln))
		register_dirty_segment(reln, forknum, mdfd);
}

/* Truncates and removes one file; missing ones are no news in recovery. */
static int
unlink_one(const char *path, bool truncate_first, bool isRedo)
{
	int rc;

	if (truncate_first && pg_truncate(path, 0) < 0 && errno != ENOENT)
		ereport(WARNING, (errcode_for_file_access(),
		                  errmsg("could not truncate file \"%s\": %m", path)));
	rc = sys_unlink(path);
	if (rc < 0 && errno != ENOENT)
	{
		int save_errno = errno;

		ereport(WARNING, (errcode_for_file_access(),
		                  errmsg("could not remove file \"%s\": %m", path)));
		errno = save_errno;
	}
	return rc;
}

void
mdunlink(RelFileNodeBackend rnode, ForkNumber forkNum, bool isRedo)
{
	char *path = relpath(rnode, forkNum);
	char *segpath;
	int rc = 0;

	if (!RelFileNodeBackendIsTemp(rnode))
		register_forget_request(rnode, forkNum, 0);

	INJECTION_POINT("md-unlink");
	if (isRedo || forkNum != MAIN_FORKNUM || RelFileNodeBackendIsTemp(rnode))
		rc = unlink_one(path, true, isRedo);
	else
	{
		/* keep the empty file, and with it the number */
		rc = pg_truncate(path, 0);
		if (rc < 0 && errno != ENOENT)
			ereport(WARNING,
			        (errcode_for_file_access(),
			         errmsg("could not truncate file \"%s\": %m", path)));
		if (rc == 0)
			register_unlink_segment(rnode, forkNum, 0);
	}

	if (rc >= 0 || errno != ENOENT)
	{
		segpath = palloc(strlen(path) + 12);
		for (BlockNumber segno = 1;; segno++)
		{
			snprintf(segpath, strlen(path) + 12, "%s.%u", path, segno);
			if (!RelFileNodeBackendIsTemp(rnode))
				register_forget_request(rnode, forkNum, segno);
			if (unlink_one(segpath, true, isRedo) < 0)
				break;
		}
		pfree(segpath);
	}
	pfree(path);
}

void
mdextend(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum,
         char *buffer, bool skipFsync)
{
	MdfdVec *v;
	int nbytes;

	if (blocknum == InvalidBlockNumber)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("cannot extend file \"%s\" beyond %u blocks",
		                       relpath(reln->smgr_rnode, forknum),
		                       InvalidBlockNumber)));

	v = _mdfd_getseg(reln, forknum, blocknum, skipFsync, EXTENSION_CREATE);
	INJECTION_POINT("md-extend");
	nbytes = FileWrite(v->mdfd_vfd, buffer, BLCKSZ, segment_offset(blocknum),
	                   WAIT_EVENT_DATA_FILE_EXTEND);
	if (nbytes != BLCKSZ)
	{
		if (nbytes < 0)
			ereport(ERROR, (errcode_for_file_access(),
			                errmsg("could not extend file \"%s\": %m",
			                       FilePathName(v->mdfd_vfd)),
			                errhint("Check free disk space.")));
		ereport(ERROR,
		        (errcode(ERRCODE_DISK_FULL),
		         errmsg("could not extend file \"%s\": wrote only %d "
		                "of %d bytes at block %u",
		                FilePathName(v->mdfd_vfd), nbytes, BLCKSZ, blocknum),
		         errhint("Check free disk space.")));
	}
	if (!skipFsync && !SmgrIsTemp(reln))
		register_dirty_segment(reln, forknum, v);
	Assert(_mdnblocks(v) <= (BlockNumber) RELSEG_SIZE);
}

void
mdzeroextend(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum,
             int nblocks, bool skipFsync)
{
	BlockNumber curblocknum = blocknum;
	int remblocks = nblocks;

	Assert(nblocks > 0);
	if ((uint64) blocknum + nblocks >= (uint64) InvalidBlockNumber)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("cannot extend file \"%s\" beyond %u blocks",
		                       relpath(reln->smgr_rnode, forknum),
		                       InvalidBlockNumber)));

	while (remblocks > 0)
	{
		BlockNumber segstart = curblocknum % (BlockNumber) RELSEG_SIZE;
		int numblocks = (int) Min((BlockNumber) remblocks,
		                          (BlockNumber) RELSEG_SIZE - segstart);
		MdfdVec *v = _mdfd_getseg(reln, forknum, curblocknum, skipFsync,
		                          EXTENSION_CREATE);
		int rc;

		INJECTION_POINT("md-zeroextend");
		/* few blocks: writing keeps them contiguous and is as cheap */
		if (numblocks > 8)
			rc = FileFallocate(v->mdfd_vfd, segment_offset(curblocknum),
			                   (off_t) BLCKSZ * numblocks,
			                   WAIT_EVENT_DATA_FILE_EXTEND);
		else
			rc = FileZero(v->mdfd_vfd, segment_offset(curblocknum),
			              (off_t) BLCKSZ * numblocks,
			              WAIT_EVENT_DATA_FILE_EXTEND);
		if (rc < 0)
			ereport(ERROR, (errcode_for_file_access(),
			                errmsg("could not extend file \"%s\": %m",
			                       FilePathName(v->mdfd_vfd)),
			                errhint("Check free disk space.")));
		if (!skipFsync && !SmgrIsTemp(reln))
			register_dirty_segment(reln, forknum, v);
		remblocks -= numblocks;
		curblocknum += numblocks;
	}
}

void
mdclose(SMgrRelation reln, ForkNumber forknum)
{
	int nopensegs = reln->md_num_open_segs[forknum];

	while (nopensegs > 0)
	{
		MdfdVec *v = &reln->md_seg_fds[forknum][nopensegs - 1];

		FileClose(v->mdfd_vfd);
		_fdvec_cut(reln, forknum, nopensegs - 1);
		nopensegs--;
	}
}

bool
mdprefetch(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum)
{
	MdfdVec *v = _mdfd_getseg(reln, forknum, blocknum, false, EXTENSION_FAIL);

	(void) FilePrefetch(v->mdfd_vfd, segment_offset(blocknum), BLCKSZ,
	                    WAIT_EVENT_DATA_FILE_PREFETCH);
	return true;
}

void
mdwriteback(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum,
            BlockNumber nblocks)
{
	while (nblocks > 0)
	{
		BlockNumber nflush =
			Min(nblocks, (BlockNumber) RELSEG_SIZE - blocknum % RELSEG_SIZE);
		MdfdVec *v =
			_mdfd_getseg(reln, forknum, blocknum, true, EXTENSION_RETURN_NULL);

		if (v == NULL)
			return; /* dropped meanwhile */
		FileWriteback(v->mdfd_vfd, segment_offset(blocknum),
		              (off_t) BLCKSZ * nflush, WAIT_EVENT_DATA_FILE_FLUSH);
		nblocks -= nflush;
		blocknum += nflush;
	}
}

void
mdread(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum,
       char *buffer)
{
	MdfdVec *v = _mdfd_getseg(reln, forknum, blocknum, false, EXTENSION_FAIL);
	int nbytes;

	INJECTION_POINT("md-read");
	nbytes = FileRead(v->mdfd_vfd, buffer, BLCKSZ, segment_offset(blocknum),
	                  WAIT_EVENT_DATA_FILE_READ);
	if (nbytes == BLCKSZ)
		return;
	if (nbytes < 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not read block %u in file \"%s\": %m",
		                       blocknum, FilePathName(v->mdfd_vfd))));
	/* replay: a crash may have cut the block off; it is overwritten anyway */
	if (zero_damaged_pages || InRecovery)
		memset(buffer, 0, BLCKSZ);
	else
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_CORRUPTED),
		         errmsg("could not read block %u in file \"%s\": read "
		                "only %d of %d bytes",
		                blocknum, FilePathName(v->mdfd_vfd), nbytes, BLCKSZ)));
}

void
mdwrite(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum,
        char *buffer, bool skipFsync)
{
	MdfdVec *v =
		_mdfd_getseg(reln, forknum, blocknum, skipFsync, EXTENSION_FAIL);
	int nbytes;

	INJECTION_POINT("md-write");
	nbytes = FileWrite(v->mdfd_vfd, buffer, BLCKSZ, segment_offset(blocknum),
	                   WAIT_EVENT_DATA_FILE_WRITE);
	if (nbytes != BLCKSZ)
	{
		if (nbytes < 0)
			ereport(ERROR,
			        (errcode_for_file_access(),
			         errmsg("could not write block %u in file \"%s\": %m",
			                blocknum, FilePathName(v->mdfd_vfd))));
		ereport(ERROR,
		        (errcode(ERRCODE_DISK_FULL),
		         errmsg("could not write block %u in file \"%s\": "
		                "wrote only %d of %d bytes",
		                blocknum, FilePathName(v->mdfd_vfd), nbytes, BLCKSZ),
		         errhint("Check free disk space.")));
	}
	if (!skipFsync && !SmgrIsTemp(reln))
		register_dirty_segment(reln, forknum, v);
}

BlockNumber
mdnblocks(SMgrRelation reln, ForkNumber forknum)
{
	MdfdVec *v;
	BlockNumber nblocks;
	BlockNumber segno;

	mdopenfork(reln, forknum, EXTENSION_FAIL);
	/* segments before the last open one are known to be full */
	segno = reln->md_num_open_segs[forknum] - 1;
	v = &reln->md_seg_fds[forknum][segno];
	for (;;)
	{
		nblocks = _mdnblocks(v);
		if (nblocks > (BlockNumber) RELSEG_SIZE)
			elog(FATAL, "segment too big");
		if (nblocks < (BlockNumber) RELSEG_SIZE)
			return segno * (BlockNumber) RELSEG_SIZE + nblocks;
		segno++;
		v = _mdfd_openseg(reln, forknum, segno, 0);
		if (v == NULL)
			return segno * (BlockNumber) RELSEG_SIZE;
	}
}

/*
 * curnblk is what mdnblocks has just told, which has opened all segments: so
 * nothing is allocated here, and the caller may be in a critical section.
 */
void
mdtruncate(SMgrRelation reln, ForkNumber forknum, BlockNumber curnblk,
           BlockNumber nblocks)
{
	int curopensegs;

	/* replay may find the file shorter already */
	if (nblocks > curnblk && InRecovery)
		return;
	if (nblocks > curnblk)
		ereport(ERROR,
		        (errmsg("could not truncate file \"%s\" to %u blocks: it's "
		                "only %u blocks now",
		                relpath(reln->smgr_rnode, forknum), nblocks, curnblk)));
	if (nblocks == curnblk)
		return;

	curopensegs = reln->md_num_open_segs[forknum];
	while (curopensegs > 0)
	{
		MdfdVec *v = &reln->md_seg_fds[forknum][curopensegs - 1];
		BlockNumber priorblocks = (curopensegs - 1) * RELSEG_SIZE;
		BlockNumber keep;

		if (priorblocks + RELSEG_SIZE <= nblocks)
			break;
		keep = priorblocks > nblocks ? 0 : nblocks - priorblocks;
		INJECTION_POINT_CRITICAL("md-truncate");
		if (FileTruncate(v->mdfd_vfd, (off_t) keep * BLCKSZ,
		                 WAIT_EVENT_DATA_FILE_TRUNCATE) < 0)
			ereport(ERROR, (errcode_for_file_access(),
			                errmsg("could not truncate file \"%s\" to %u "
			                       "blocks: %m",
			                       FilePathName(v->mdfd_vfd), nblocks)));
		if (!SmgrIsTemp(reln))
			register_dirty_segment(reln, forknum, v);
		/* emptied segments stay as files, but not open */
		if (priorblocks > nblocks)
		{
			FileClose(v->mdfd_vfd);
			_fdvec_cut(reln, forknum, curopensegs - 1);
		}
		curopensegs--;
	}
}

void
mdimmedsync(SMgrRelation reln, ForkNumber forknum)
{
	(void) mdnblocks(reln, forknum); /* opens all segments */
	INJECTION_POINT("md-immedsync");
	for (int segno = reln->md_num_open_segs[forknum] - 1; segno >= 0; segno--)
	{
		MdfdVec *v = &reln->md_seg_fds[forknum][segno];

		if (FileSync(v->mdfd_vfd, WAIT_EVENT_DATA_FILE_IMMEDIATE_SYNC) < 0)
			ereport(data_sync_elevel(ERROR),
			        (errcode_for_file_access(),
			         errmsg("could not fsync file \"%s\": %m",
			                FilePathName(v->mdfd_vfd))));
	}
}

void
ForgetDatabaseSyncRequests(Oid dbid)
{
	FileTag tag;
	RelFileNode rnode = {0, dbid, 0};

	INIT_MD_FILETAG(tag, rnode, InvalidForkNumber, InvalidBlockNumber);
	RegisterSyncRequest(&tag, SYNC_FILTER_REQUEST, true);
}

void
DropRelationFiles(RelFileNode *delrels, int ndelrels, bool isRedo)
{
	SMgrRelation *srels = palloc(sizeof(SMgrRelation) * Max(ndelrels, 1));

	for (int i = 0; i < ndelrels; i++)
		srels[i] = smgropen(delrels[i], INVALID_PROC_NUMBER);
	smgrdounlinkall(srels, ndelrels, isRedo);
	for (int i = 0; i < ndelrels; i++)
		smgrclose(srels[i]);
	pfree(srels);
}

/* ---- called by sync.c ---- */

static void
tag_path(const FileTag *ftag, char *path)
{
	char *p = relpathperm(ftag->rnode, (ForkNumber) ftag->forknum);

	if (ftag->segno > 0)
		snprintf(path, MAXPGPATH, "%s.%u", p, ftag->segno);
	else
		strlcpy(path, p, MAXPGPATH);
	pfree(p);
}

int
mdsyncfiletag(const FileTag *ftag, char *path)
{
	int fd;
	int result;
	int save_errno;

	tag_path(ftag, path);
	fd = OpenTransientFile(path, O_RDWR);
	if (fd < 0)
		return -1;
	pgstat_report_wait_start(WAIT_EVENT_DATA_FILE_SYNC);
	result = pg_fsync(fd);
	pgstat_report_wait_end();
	save_errno = errno;
	CloseTransientFile(fd);
	errno = save_errno;
	return result;
}

int
mdunlinkfiletag(const FileTag *ftag, char *path)
{
	char *p = relpathperm(ftag->rnode, MAIN_FORKNUM);

	strlcpy(path, p, MAXPGPATH);
	pfree(p);
	return sys_unlink(path);
}

bool
mdfiletagmatches(const FileTag *ftag, const FileTag *candidate)
{
	/* only used for a whole database */
	return ftag->rnode.dbNode == candidate->rnode.dbNode;
}

/* ---- segments ---- */

static MdfdVec *
mdopenfork(SMgrRelation reln, ForkNumber forknum, int behavior)
{
	MdfdVec *mdfd;
	char *path;
	File fd;

	if (reln->md_num_open_segs[forknum] > 0)
		return &reln->md_seg_fds[forknum][0];

	path = relpath(reln->smgr_rnode, forknum);
	fd = PathNameOpenFile(path, O_RDWR);
	if (fd < 0)
	{
		if ((behavior & EXTENSION_RETURN_NULL) && errno == ENOENT)
		{
			pfree(path);
			return NULL;
		}
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not open file \"%s\": %m", path)));
	}
	pfree(path);
	mdfd = _fdvec_add(reln, forknum, fd);
	Assert(_mdnblocks(mdfd) <= (BlockNumber) RELSEG_SIZE);
	return mdfd;
}

static void
register_dirty_segment(SMgrRelation reln, ForkNumber forknum, MdfdVec *seg)
{
	FileTag tag;

	INIT_MD_FILETAG(tag, reln->smgr_rnode.node, forknum, seg->mdfd_segno);
	if (RegisterSyncRequest(&tag, SYNC_REQUEST, false))
		return;

	ereport(DEBUG1, (errmsg_internal("could not forward fsync request because "
	                                 "request queue is full")));
	if (FileSync(seg->mdfd_vfd, WAIT_EVENT_DATA_FILE_SYNC) < 0)
		ereport(data_sync_elevel(ERROR),
		        (errcode_for_file_access(),
		         errmsg("could not fsync file \"%s\": %m",
		                FilePathName(seg->mdfd_vfd))));
}

static void
register_unlink_segment(RelFileNodeBackend rnode, ForkNumber forknum,
                        BlockNumber segno)
{
	FileTag tag;

	Assert(!RelFileNodeBackendIsTemp(rnode));
	INIT_MD_FILETAG(tag, rnode.node, forknum, segno);
	RegisterSyncRequest(&tag, SYNC_UNLINK_REQUEST, true);
}

static void
register_forget_request(RelFileNodeBackend rnode, ForkNumber forknum,
                        BlockNumber segno)
{
	FileTag tag;

	INIT_MD_FILETAG(tag, rnode.node, forknum, segno);
	RegisterSyncRequest(&tag, SYNC_FORGET_REQUEST, true);
}

/* The file of the next segment; without memory for it, it is closed. */
static MdfdVec *
_fdvec_add(SMgrRelation reln, ForkNumber forknum, File fd)
{
	int n = reln->md_num_open_segs[forknum];
	MdfdVec *grown = NULL;

	if (INJECTION_POINT_ERRNO("md-add-segment") == 0)
		grown = MemoryContextAllocExtended(MdCxt, sizeof(MdfdVec) * (n + 1),
		                                   MCXT_ALLOC_NO_OOM);
	if (grown == NULL)
	{
		FileClose(fd);
		ereport(ERROR,
		        (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
		         errdetail("Failed on request of size %zu in memory context "
		                   "\"%s\".",
		                   sizeof(MdfdVec) * (n + 1), "MdSmgr")));
	}
	if (n > 0)
	{
		memcpy(grown, reln->md_seg_fds[forknum], sizeof(MdfdVec) * n);
		pfree(reln->md_seg_fds[forknum]);
	}
	grown[n].mdfd_vfd = fd;
	grown[n].mdfd_segno = (BlockNumber) n;
	reln->md_seg_fds[forknum] = grown;
	reln->md_num_open_segs[forknum] = n + 1;
	return &grown[n];
}

/* The segments behind the first nseg have been closed. */
static void
_fdvec_cut(SMgrRelation reln, ForkNumber forknum, int nseg)
{
	Assert(nseg <= reln->md_num_open_segs[forknum]);
	if (nseg == 0 && reln->md_num_open_segs[forknum] > 0)
	{
		pfree(reln->md_seg_fds[forknum]);
		reln->md_seg_fds[forknum] = NULL;
	}
	reln->md_num_open_segs[forknum] = nseg;
}

static char *
_mdfd_segpath(SMgrRelation reln, ForkNumber forknum, BlockNumber segno)
{
	char *path = relpath(reln->smgr_rnode, forknum);
	char *fullpath;

	if (segno == 0)
		return path;
	fullpath = psprintf("%s.%u", path, segno);
	pfree(path);
	return fullpath;
}

static MdfdVec *
_mdfd_openseg(SMgrRelation reln, ForkNumber forknum, BlockNumber segno,
              int oflags)
{
	char *fullpath = _mdfd_segpath(reln, forknum, segno);
	File fd = PathNameOpenFile(fullpath, O_RDWR | oflags);
	MdfdVec *v;

	pfree(fullpath);
	if (fd < 0)
		return NULL;
	Assert((int) segno == reln->md_num_open_segs[forknum]);
	v = _fdvec_add(reln, forknum, fd);
	Assert(_mdnblocks(v) <= (BlockNumber) RELSEG_SIZE);
	return v;
}

/* The open segment that holds blkno. */
static MdfdVec *
_mdfd_getseg(SMgrRelation reln, ForkNumber forknum, BlockNumber blkno,
             bool skipFsync, int behavior)
{
	BlockNumber targetseg = blkno / (BlockNumber) RELSEG_SIZE;
	MdfdVec *v;

	if (targetseg < (BlockNumber) reln->md_num_open_segs[forknum])
		return &reln->md_seg_fds[forknum][targetseg];

	if (reln->md_num_open_segs[forknum] > 0)
		v = &reln->md_seg_fds[forknum][reln->md_num_open_segs[forknum] - 1];
	else
	{
		v = mdopenfork(reln, forknum, behavior);
		if (v == NULL)
			return NULL;
	}

	for (BlockNumber nextsegno = reln->md_num_open_segs[forknum];
	     nextsegno <= targetseg; nextsegno++)
	{
		BlockNumber nblocks = _mdnblocks(v);
		int flags = 0;

		if (nblocks > (BlockNumber) RELSEG_SIZE)
			elog(FATAL, "segment too big");
		if (behavior & EXTENSION_CREATE)
		{
			/* the one before must be full, whatever it held until now */
			if (nblocks < (BlockNumber) RELSEG_SIZE)
				mdzeroextend(reln, forknum,
				             (nextsegno - 1) * (BlockNumber) RELSEG_SIZE +
				                 nblocks,
				             (int) (RELSEG_SIZE - nblocks), skipFsync);
			flags = O_CREAT;
		}
		else if (nblocks < (BlockNumber) RELSEG_SIZE)
		{
			if (behavior & EXTENSION_RETURN_NULL)
			{
				errno = ENOENT;
				return NULL;
			}
			ereport(ERROR,
			        (errcode(ERRCODE_UNDEFINED_FILE),
			         errmsg("could not open file \"%s\" (target block %u): "
			                "previous segment is only %u blocks",
			                _mdfd_segpath(reln, forknum, nextsegno), blkno,
			                nblocks)));
		}
		v = _mdfd_openseg(reln, forknum, nextsegno, flags);
		if (v == NULL)
		{
			if ((behavior & EXTENSION_RETURN_NULL) && errno == ENOENT)
				return NULL;
			ereport(ERROR,
			        (errcode_for_file_access(),
			         errmsg("could not open file \"%s\" (target block %u): %m",
			                _mdfd_segpath(reln, forknum, nextsegno), blkno)));
		}
	}
	return v;
}

static BlockNumber
_mdnblocks(MdfdVec *seg)
{
	off_t len = FileSize(seg->mdfd_vfd);

	if (len < 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not seek to end of file \"%s\": %m",
		                       FilePathName(seg->mdfd_vfd))));
	/* a partial block at the end counts for nothing */
	return (BlockNumber) (len / BLCKSZ);
}
