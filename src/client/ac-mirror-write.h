/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sync has the mirror write: each function is one transaction, in the writing thread.
 * Rows and the place up to which they are known go into the file together, so that a crash at any
 * moment leaves a mirror that goes on from there. Private to this room. */
#pragma once

#include "client/ac-mirror-batch.h"
#include "client/ac-mirror.h"

G_BEGIN_DECLS

/* How far the mirror is. */
typedef struct
{
  gint64 generation; /* of the last sync of everything; 0: there was none */
  gboolean loading;  /* it is not over */
  char *token;       /* nullable: changes from here are still to come */
  gint64 position;   /* while loading: createdAt of the last action, or AC_TIME_NONE */
  gint64 n_synced;
  gint64 n_total;
  gint64 last_refreshed; /* AC_TIME_NONE: never */
} AcMirrorState;

void ac_mirror_state_free (AcMirrorState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMirrorState, ac_mirror_state_free)

/* What a transaction did. */
typedef struct
{
  GArray *keys;            /* guint64: of actions that are new, changed or gone */
  gboolean went_back;      /* some are of an earlier version than before */
  gint64 n_synced;         /* actions so far */
  char *token;             /* of changes: nullable; the one they lead to */
  gboolean more;           /* of changes: more are waiting */
  gboolean investigations; /* of changes: some investigation has changed */
} AcMirrorOutcome;

void ac_mirror_outcome_free (AcMirrorOutcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMirrorOutcome, ac_mirror_outcome_free)

/* Pages of changes, each of which goes on where the one before it ends. When one of them was not
 * written, none behind it is: what stood in it would never be asked for again. */
typedef struct _AcMirrorChain AcMirrorChain;

AcMirrorChain *ac_mirror_chain_new (void);
void ac_mirror_chain_unref (AcMirrorChain *chain);

void ac_mirror_load_state_async (AcMirror *mirror,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
AcMirrorState *ac_mirror_load_state_finish (AcMirror *mirror, GAsyncResult *result, GError **error);

void ac_mirror_begin_sync_async (AcMirror *mirror,
                                 const char *token,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
AcMirrorState *ac_mirror_begin_sync_finish (AcMirror *mirror, GAsyncResult *result, GError **error);

void ac_mirror_add_page_async (AcMirror *mirror,
                               gint64 generation,
                               AcMirrorBatch *batch,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
void ac_mirror_add_pages_async (AcMirror *mirror,
                                gint64 generation,
                                GPtrArray *batches,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
void ac_mirror_end_sync_async (AcMirror *mirror,
                               gint64 generation,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
void ac_mirror_apply_changes_async (AcMirror *mirror,
                                    gint64 generation,
                                    AcMirrorChain *chain,
                                    GBytes *page,
                                    gint64 refreshed,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
AcMirrorOutcome *ac_mirror_outcome_finish (AcMirror *mirror, GAsyncResult *result, GError **error);

void ac_mirror_note_refreshed (AcMirror *mirror, gint64 time);
void ac_mirror_index_more_async (AcMirror *mirror,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean ac_mirror_index_more_finish (AcMirror *mirror, GAsyncResult *result, GError **error);

G_END_DECLS
