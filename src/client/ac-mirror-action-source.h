/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An AcActionSource over the mirror: every question is answered from the file on this machine, in a
 * thread, whether the service answers or not. A key is the number of a row of the mirror.
 *
 * Besides those of AcActionSource it has these properties (read-only), for a window to show:
 * syncing (boolean: everything is being read), n-synced and n-total (guint64: how far), and notice
 * (string, nullable: a sentence about the mirror itself). */
#pragma once

#include "client/ac-action-source.h"
#include "client/ac-mirror-sync.h"

G_BEGIN_DECLS

#define AC_TYPE_MIRROR_ACTION_SOURCE (ac_mirror_action_source_get_type ())
G_DECLARE_FINAL_TYPE (AcMirrorActionSource,
                      ac_mirror_action_source,
                      AC,
                      MIRROR_ACTION_SOURCE,
                      GObject)

AcMirrorActionSource *ac_mirror_action_source_new (AcMirror *mirror, AcMirrorSync *sync);
AcMirror *ac_mirror_action_source_get_mirror (AcMirrorActionSource *self);
AcMirrorSync *ac_mirror_action_source_get_sync (AcMirrorActionSource *self);

G_END_DECLS
