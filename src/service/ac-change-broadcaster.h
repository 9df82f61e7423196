/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /changes/stream: tells everybody who listens what has changed, as Server-Sent Events (HTML
 * Living Standard §9.2).
 *
 * Who is current costs no query: after a commit one thread reads the new changes once, makes one
 * block of bytes of them, and the main thread hands that to every stream. What is committed
 * meanwhile goes out with the next block. Who has come with an older token, or has not taken what
 * was sent, reads for itself until it has caught up; streams at the same place share one reading,
 * and only a few read at once. Each stream stands at a place in the change log and is given only
 * what begins exactly there, so that nothing is lost and nothing told twice. */
#pragma once

#include "service/ac-request.h"
#include "service/ac-response.h"
#include "service/ac-service-config.h"
#include "service/ac-token-file.h"

G_BEGIN_DECLS

/* What it has done since it was made. */
typedef struct
{
  guint n_streams;          /* at this moment */
  guint64 n_blocks;         /* that went to all who were current */
  guint64 n_reads;          /* of the change log, for all */
  guint64 n_catch_up_reads; /* for those who were not current */
} AcChangeBroadcasterCounts;

#define AC_TYPE_CHANGE_BROADCASTER (ac_change_broadcaster_get_type ())
G_DECLARE_FINAL_TYPE (AcChangeBroadcaster, ac_change_broadcaster, AC, CHANGE_BROADCASTER, GObject)

AcChangeBroadcaster *
ac_change_broadcaster_new (AcStore *store, AcTokenFile *tokens, const AcServiceConfig *config);
gboolean ac_change_broadcaster_start (AcChangeBroadcaster *self, GError **error);
void ac_change_broadcaster_set_most (AcChangeBroadcaster *self, guint most);
void ac_change_broadcaster_wake (AcChangeBroadcaster *self);
void ac_change_broadcaster_open (AcChangeBroadcaster *self,
                                 AcRequest *request,
                                 AcResponseDone done,
                                 gpointer user_data);
void ac_change_broadcaster_get_counts (AcChangeBroadcaster *self,
                                       AcChangeBroadcasterCounts *counts);
void ac_change_broadcaster_end_streams (AcChangeBroadcaster *self);
void ac_change_broadcaster_stop (AcChangeBroadcaster *self);

G_END_DECLS
