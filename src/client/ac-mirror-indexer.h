/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds the index for searches of a mirror in the background, a little at a time, so that a desk stays
 * quick and changes come in between. Private to this room. */
#pragma once

#include "client/ac-mirror.h"

G_BEGIN_DECLS

#define AC_TYPE_MIRROR_INDEXER (ac_mirror_indexer_get_type ())
G_DECLARE_FINAL_TYPE (AcMirrorIndexer, ac_mirror_indexer, AC, MIRROR_INDEXER, GObject)

AcMirrorIndexer *ac_mirror_indexer_new (AcMirror *mirror);
void ac_mirror_indexer_go_on (AcMirrorIndexer *self);
void ac_mirror_indexer_stop (AcMirrorIndexer *self);

G_END_DECLS
