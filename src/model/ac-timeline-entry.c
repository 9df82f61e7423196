/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-time.h"
#include "model/ac-timeline-entry.h"

struct _AcTimelineEntry
{
  GObject parent_instance;

  gint64 at;
  char *actor;
  char *event;
  char *before; /* status, raw; nullable */
  char *after;  /* status, raw; nullable */
  char *comment;
};

G_DEFINE_FINAL_TYPE (AcTimelineEntry, ac_timeline_entry, G_TYPE_OBJECT)

static const AcJsonMember members[] = {
  { "at", AC_JSON_TIME, TRUE },       { "actor", AC_JSON_STRING, TRUE },
  { "event", AC_JSON_STRING, TRUE },  { "before", AC_JSON_STRING, FALSE },
  { "after", AC_JSON_STRING, FALSE }, { "comment", AC_JSON_STRING, FALSE },
};

static void
ac_timeline_entry_finalize (GObject *object)
{
  AcTimelineEntry *self = AC_TIMELINE_ENTRY (object);

  g_free (self->actor);
  g_free (self->event);
  g_free (self->before);
  g_free (self->after);
  g_free (self->comment);
  G_OBJECT_CLASS (ac_timeline_entry_parent_class)->finalize (object);
}

static void
ac_timeline_entry_class_init (AcTimelineEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_timeline_entry_finalize;
}

static void
ac_timeline_entry_init (AcTimelineEntry *self)
{
}

/**
 * ac_timeline_entry_new:
 * @at: microseconds since 1970 in UTC
 * @actor: a person, or "service"
 * @event: an event's name
 * @before: (nullable): the status before
 * @after: (nullable): the status after
 * @comment: (nullable): what the actor said
 *
 * Returns: (transfer full): a new entry.
 */
AcTimelineEntry *
ac_timeline_entry_new (gint64 at,
                       const char *actor,
                       const char *event,
                       const char *before,
                       const char *after,
                       const char *comment)
{
  AcTimelineEntry *self = g_object_new (AC_TYPE_TIMELINE_ENTRY, NULL);

  self->at = at;
  self->actor = g_strdup (actor);
  self->event = g_strdup (event);
  self->before = g_strdup (before);
  self->after = g_strdup (after);
  self->comment = g_strdup (comment);
  return self;
}

/**
 * ac_timeline_entry_new_from_json:
 *
 * Returns: (transfer full): the entry, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcTimelineEntry *
ac_timeline_entry_new_from_json (JsonObject *object,
                                 AcJsonMode mode,
                                 const char *path,
                                 GError **error)
{
  if (!ac_json_check (object, members, G_N_ELEMENTS (members), mode, path, error))
    return NULL;
  return ac_timeline_entry_new (
      ac_json_get_time (object, "at"), ac_json_get_string (object, "actor"),
      ac_json_get_string (object, "event"), ac_json_get_string (object, "before"),
      ac_json_get_string (object, "after"), ac_json_get_string (object, "comment"));
}

JsonObject *
ac_timeline_entry_to_json (AcTimelineEntry *self)
{
  JsonObject *object;

  g_return_val_if_fail (AC_IS_TIMELINE_ENTRY (self), NULL);

  object = json_object_new ();
  ac_json_set_time (object, "at", self->at);
  ac_json_set_string (object, "actor", self->actor);
  ac_json_set_string (object, "event", self->event);
  ac_json_set_string (object, "before", self->before);
  ac_json_set_string (object, "after", self->after);
  ac_json_set_string (object, "comment", self->comment);
  return object;
}

gint64
ac_timeline_entry_get_at (AcTimelineEntry *self)
{
  g_return_val_if_fail (AC_IS_TIMELINE_ENTRY (self), AC_TIME_NONE);

  return self->at;
}

const char *
ac_timeline_entry_get_actor (AcTimelineEntry *self)
{
  g_return_val_if_fail (AC_IS_TIMELINE_ENTRY (self), NULL);

  return self->actor;
}

const char *
ac_timeline_entry_get_event (AcTimelineEntry *self)
{
  g_return_val_if_fail (AC_IS_TIMELINE_ENTRY (self), NULL);

  return self->event;
}

/**
 * ac_timeline_entry_get_before:
 *
 * Returns: (nullable): the status before, raw.
 */
const char *
ac_timeline_entry_get_before (AcTimelineEntry *self)
{
  g_return_val_if_fail (AC_IS_TIMELINE_ENTRY (self), NULL);

  return self->before;
}

/**
 * ac_timeline_entry_get_after:
 *
 * Returns: (nullable): the status after, raw.
 */
const char *
ac_timeline_entry_get_after (AcTimelineEntry *self)
{
  g_return_val_if_fail (AC_IS_TIMELINE_ENTRY (self), NULL);

  return self->after;
}

/**
 * ac_timeline_entry_get_comment:
 *
 * Returns: (nullable): what the actor said.
 */
const char *
ac_timeline_entry_get_comment (AcTimelineEntry *self)
{
  g_return_val_if_fail (AC_IS_TIMELINE_ENTRY (self), NULL);

  return self->comment;
}
