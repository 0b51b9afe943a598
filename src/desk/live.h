/*
 * live: server-sent events. Each open page holds one stream; when the ledger grows, all are
 * told the newest seq and how many findings are open, and fetch what they show anew. A
 * stream keeps no queue: a slow one is told the newest state when it can take it.
 */
#ifndef HINOBAN_DESK_LIVE_H
#define HINOBAN_DESK_LIVE_H

#include "base/base.h"
#include <microhttpd.h>

#define LIVE_MAX     24
#define LIVE_BEAT_US (15 * 1000000LL) /* a comment, so that dead streams are noticed */

struct live;

struct live *live_new(void);
void live_free(struct live *v);
/* A stream to this connection; NULL when there are too many. */
struct MHD_Response *live_stream(struct live *v, struct MHD_Connection *conn);
/* The ledger's newest seq, and open findings; tells all streams. */
void live_tell(struct live *v, int64_t seq, int64_t open);
/* About once a second. */
void live_tick(struct live *v);
/* End all streams: before http_free. */
void live_close(struct live *v);
size_t live_count(const struct live *v);

#endif
