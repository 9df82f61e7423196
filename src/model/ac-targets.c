/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-targets.h"
#include "model/ac-time.h"

static const AcJsonMember members[] = {
  { "digest", AC_JSON_TEXT, FALSE },        { "lookedAt", AC_JSON_TIME, FALSE },
  { "messages", AC_JSON_INTEGER, FALSE },   { "mailboxes", AC_JSON_INTEGER, FALSE },
  { "unreadable", AC_JSON_INTEGER, FALSE }, { "firstMessages", AC_JSON_INTEGER, FALSE },
  { "firstLookedAt", AC_JSON_TIME, FALSE }, { "difference", AC_JSON_OBJECT, FALSE },
};

static const AcJsonMember difference_members[] = {
  { "at", AC_JSON_TIME, TRUE },
  { "added", AC_JSON_INTEGER, TRUE },
  { "removed", AC_JSON_INTEGER, TRUE },
  { "examples", AC_JSON_ARRAY, FALSE },
};

static const AcJsonMember item_members[] = {
  { "mailbox", AC_JSON_TEXT, TRUE },
  { "messageId", AC_JSON_STRING, FALSE },
  { "subject", AC_JSON_STRING, FALSE },
  { "sender", AC_JSON_STRING, FALSE },
  { "folder", AC_JSON_STRING, FALSE },
  { "receivedAt", AC_JSON_TIME, FALSE },
  { "outcome", AC_JSON_ENUM, FALSE, AC_VOCABULARY_OUTCOME },
  { "detail", AC_JSON_STRING, FALSE },
  { "at", AC_JSON_TIME, FALSE },
};

static const AcJsonMember page_members[] = {
  { "items", AC_JSON_ARRAY, TRUE },      { "total", AC_JSON_INTEGER, TRUE },
  { "counts", AC_JSON_OBJECT, TRUE },    { "looking", AC_JSON_BOOLEAN, TRUE },
  { "unreadable", AC_JSON_ARRAY, TRUE }, { "nextCursor", AC_JSON_TEXT, FALSE },
};

static const AcJsonMember unreadable_members[] = {
  { "mailbox", AC_JSON_TEXT, TRUE },
  { "problem", AC_JSON_STRING, TRUE },
};

static guint64
get_count (JsonObject *object, const char *name)
{
  return (guint64)MAX (ac_json_get_integer (object, name, 0), 0);
}

/**
 * ac_targets_new_from_json:
 * @path: (nullable): where @object stands, for messages
 *
 * Returns: (transfer full): the targets, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcTargets *
ac_targets_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error)
{
  AcTargets *targets;
  JsonObject *difference;

  g_return_val_if_fail (object != NULL, NULL);

  if (!ac_json_check (object, members, G_N_ELEMENTS (members), mode, path, error))
    return NULL;
  difference = ac_json_get_object (object, "difference");
  if (difference != NULL &&
      !ac_json_check (difference, difference_members, G_N_ELEMENTS (difference_members), mode,
                      "targets.difference", error))
    return NULL;
  targets = g_new0 (AcTargets, 1);
  targets->digest = g_strdup (ac_json_get_string (object, "digest"));
  targets->looked_at = ac_json_get_time (object, "lookedAt");
  targets->messages = get_count (object, "messages");
  targets->mailboxes = get_count (object, "mailboxes");
  targets->unreadable = get_count (object, "unreadable");
  targets->first_messages = get_count (object, "firstMessages");
  targets->first_looked_at = ac_json_get_time (object, "firstLookedAt");
  targets->changed_at = AC_TIME_NONE;
  if (difference != NULL)
    {
      targets->added = get_count (difference, "added");
      targets->removed = get_count (difference, "removed");
      targets->changed_at = ac_json_get_time (difference, "at");
    }
  return targets;
}

void
ac_targets_free (AcTargets *targets)
{
  if (targets == NULL)
    return;
  g_free (targets->digest);
  g_free (targets);
}

void
ac_target_free (AcTarget *target)
{
  g_free (target->mailbox);
  g_free (target->message_id);
  g_free (target->subject);
  g_free (target->sender);
  g_free (target->folder);
  g_free (target->outcome);
  g_free (target->detail);
  g_free (target);
}

static void
unreadable_free (gpointer data)
{
  AcUnreadableMailbox *unreadable = data;

  g_free (unreadable->mailbox);
  g_free (unreadable->problem);
  g_free (unreadable);
}

static AcTarget *
read_target (JsonObject *object)
{
  AcTarget *target = g_new0 (AcTarget, 1);

  target->mailbox = g_strdup (ac_json_get_string (object, "mailbox"));
  target->message_id = g_strdup (ac_json_get_string (object, "messageId"));
  target->subject = g_strdup (ac_json_get_string (object, "subject"));
  target->sender = g_strdup (ac_json_get_string (object, "sender"));
  target->folder = g_strdup (ac_json_get_string (object, "folder"));
  target->received_at = ac_json_get_time (object, "receivedAt");
  target->outcome = g_strdup (ac_json_get_string (object, "outcome"));
  target->detail = g_strdup (ac_json_get_string (object, "detail"));
  target->at = ac_json_get_time (object, "at");
  return target;
}

static gboolean
read_items (AcTargetPage *page, JsonArray *array, GError **error)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = ac_json_element_object (array, i, "items", error);

      if (object == NULL || !ac_json_check (object, item_members, G_N_ELEMENTS (item_members),
                                            AC_JSON_LENIENT, "items", error))
        return FALSE;
      g_ptr_array_add (page->items, read_target (object));
    }
  return TRUE;
}

static gboolean
read_unreadable (AcTargetPage *page, JsonArray *array, GError **error)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = ac_json_element_object (array, i, "unreadable", error);
      AcUnreadableMailbox *unreadable;

      if (object == NULL ||
          !ac_json_check (object, unreadable_members, G_N_ELEMENTS (unreadable_members),
                          AC_JSON_LENIENT, "unreadable", error))
        return FALSE;
      unreadable = g_new0 (AcUnreadableMailbox, 1);
      unreadable->mailbox = g_strdup (ac_json_get_string (object, "mailbox"));
      unreadable->problem = g_strdup (ac_json_get_string (object, "problem"));
      g_ptr_array_add (page->unreadable, unreadable);
    }
  return TRUE;
}

static void
read_counts (AcTargetPage *page, JsonObject *counts)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, counts);
  while (json_object_iter_next (&iter, &name, &node))
    if (JSON_NODE_HOLDS_VALUE (node))
      g_hash_table_insert (
          page->counts, g_strdup (g_str_equal (name, "open") ? "" : name),
          GUINT_TO_POINTER ((guint)CLAMP (json_node_get_int (node), 0, G_MAXUINT)));
}

/**
 * ac_target_page_new_from_json:
 * @object: an answer of GET /actions/{id}/targets
 *
 * Returns: (transfer full): the page, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcTargetPage *
ac_target_page_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (AcTargetPage) page = NULL;

  if (!ac_json_check (object, page_members, G_N_ELEMENTS (page_members), AC_JSON_LENIENT, NULL,
                      error))
    return NULL;
  page = g_new0 (AcTargetPage, 1);
  page->items = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_target_free);
  page->unreadable = g_ptr_array_new_with_free_func (unreadable_free);
  page->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  page->total = get_count (object, "total");
  page->looking = ac_json_get_boolean (object, "looking", FALSE);
  page->next_cursor = g_strdup (ac_json_get_string (object, "nextCursor"));
  read_counts (page, ac_json_get_object (object, "counts"));
  if (!read_items (page, ac_json_get_array (object, "items"), error) ||
      !read_unreadable (page, ac_json_get_array (object, "unreadable"), error))
    return NULL;
  return g_steal_pointer (&page);
}

/**
 * ac_target_page_count:
 * @outcome: raw, or "" for the messages that nothing was done to yet
 *
 * Returns: how many messages of the action have it, on whatever page.
 */
guint
ac_target_page_count (const AcTargetPage *page, const char *outcome)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (page->counts, outcome));
}

void
ac_target_page_free (AcTargetPage *page)
{
  if (page == NULL)
    return;
  g_ptr_array_unref (page->items);
  g_ptr_array_unref (page->unreadable);
  g_hash_table_unref (page->counts);
  g_free (page->next_cursor);
  g_free (page);
}
