/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of an action's timeline: who did what, when, and what it changed. Immutable. */
#pragma once

#include "model/ac-json.h"

G_BEGIN_DECLS

#define AC_TYPE_TIMELINE_ENTRY (ac_timeline_entry_get_type ())
G_DECLARE_FINAL_TYPE (AcTimelineEntry, ac_timeline_entry, AC, TIMELINE_ENTRY, GObject)

AcTimelineEntry *ac_timeline_entry_new (gint64 at,
                                        const char *actor,
                                        const char *event,
                                        const char *before,
                                        const char *after,
                                        const char *comment);
AcTimelineEntry *ac_timeline_entry_new_from_json (JsonObject *object,
                                                  AcJsonMode mode,
                                                  const char *path,
                                                  GError **error);
JsonObject *ac_timeline_entry_to_json (AcTimelineEntry *self);
gint64 ac_timeline_entry_get_at (AcTimelineEntry *self);
const char *ac_timeline_entry_get_actor (AcTimelineEntry *self);
const char *ac_timeline_entry_get_event (AcTimelineEntry *self);
const char *ac_timeline_entry_get_before (AcTimelineEntry *self);
const char *ac_timeline_entry_get_after (AcTimelineEntry *self);
const char *ac_timeline_entry_get_comment (AcTimelineEntry *self);

G_END_DECLS
