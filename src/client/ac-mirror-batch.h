/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page that the service sent, taken apart for the mirror: whole actions, or changes. Made in one
 * thread while another writes the page before. Private to this room. */
#pragma once

#include "client/ac-mirror-row.h"

G_BEGIN_DECLS

typedef struct
{
  char *id;
  AcMirrorRow *row; /* nullable: the action is gone */
} AcMirrorItem;

typedef struct
{
  GBytes *bytes;           /* the text that the rows point into */
  GPtrArray *items;        /* of AcMirrorItem */
  char *next;              /* the cursor or token to go on from; nullable at the end of a list */
  gboolean more;           /* of changes: more are waiting already */
  gint64 total;            /* of a list */
  gboolean investigations; /* of changes: some investigation has changed */
} AcMirrorBatch;

AcMirrorBatch *ac_mirror_batch_new_from_list (GBytes *page, GError **error);
AcMirrorBatch *ac_mirror_batch_new_from_changes (GBytes *page, GError **error);
void ac_mirror_batch_free (AcMirrorBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcMirrorBatch, ac_mirror_batch_free)

G_END_DECLS
