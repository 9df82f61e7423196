/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps the mirror equal to the service: reads everything once, and then follows what changes, by
 * the stream of events or, where the service has none, by asking again and again. What it has done
 * so far stands in the mirror, so that it goes on from there after a crash. When the service no
 * longer knows how far we were, everything is read once more, and what is equal stays untouched.
 *
 * Properties (read-only): last-refreshed, offline-since and offline-reason as in AcActionSource;
 * syncing (boolean: everything is being read), n-synced and n-total (guint64: how far).
 *
 * Signals: changed (GArray of guint64, nullable) and investigations-changed (), as in AcActionSource.
 */
#pragma once

#include "client/ac-api.h"
#include "client/ac-mirror.h"

G_BEGIN_DECLS

#define AC_TYPE_MIRROR_SYNC (ac_mirror_sync_get_type ())
G_DECLARE_FINAL_TYPE (AcMirrorSync, ac_mirror_sync, AC, MIRROR_SYNC, GObject)

AcMirrorSync *ac_mirror_sync_new (AcMirror *mirror, AcApi *api);
void ac_mirror_sync_start (AcMirrorSync *self);
void ac_mirror_sync_stop (AcMirrorSync *self);
void ac_mirror_sync_refresh (AcMirrorSync *self);

G_END_DECLS
