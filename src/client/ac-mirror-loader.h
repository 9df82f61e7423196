/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads all actions of the service into the mirror, newest first. While a page is on its way, the
 * one before is taken apart in a thread, and the one before that is written. Where it was
 * interrupted it goes on. Private to this room.
 *
 * Signals:
 *   progress (GArray *keys, guint64 n, guint64 total): a page was written; keys (nullable): what has
 *   changed by it, or NULL: some of it is of an earlier version than before.
 *   ended (const GError *): nullable: all was read; else it was interrupted, and another loader can
 * go on from there. */
#pragma once

#include "client/ac-mirror-write.h"
#include "client/ac-transport.h"

G_BEGIN_DECLS

#define AC_TYPE_MIRROR_LOADER (ac_mirror_loader_get_type ())
G_DECLARE_FINAL_TYPE (AcMirrorLoader, ac_mirror_loader, AC, MIRROR_LOADER, GObject)

AcMirrorLoader *ac_mirror_loader_new (AcMirror *mirror, AcTransport *transport);
void ac_mirror_loader_start (AcMirrorLoader *self, gint64 generation, gint64 position);
void ac_mirror_loader_stop (AcMirrorLoader *self);

G_END_DECLS
