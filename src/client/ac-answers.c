/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-answers.h"

static const AcJsonMember me_members[] = {
  { "name", AC_JSON_STRING, TRUE },
  { "role", AC_JSON_ENUM, TRUE, AC_VOCABULARY_ROLE },
  { "permissions", AC_JSON_STRING_ARRAY, FALSE },
  { "historyDays", AC_JSON_INTEGER, FALSE },
  { "secondPerson", AC_JSON_BOOLEAN, FALSE },
};

static const AcJsonMember page_members[] = {
  { "items", AC_JSON_ARRAY, TRUE },
  { "nextCursor", AC_JSON_TEXT, FALSE },
  { "total", AC_JSON_INTEGER, TRUE },
};

static const AcJsonMember id_members[] = {
  { "id", AC_JSON_TEXT, TRUE },
};

static const AcJsonMember change_page_members[] = {
  { "items", AC_JSON_ARRAY, TRUE },
  { "next", AC_JSON_TEXT, TRUE },
  { "more", AC_JSON_BOOLEAN, TRUE },
};

static const AcJsonMember change_members[] = {
  { "token", AC_JSON_TEXT, TRUE }, { "kind", AC_JSON_STRING, TRUE },
  { "id", AC_JSON_TEXT, TRUE },    { "version", AC_JSON_INTEGER, FALSE },
  { "at", AC_JSON_TIME, FALSE },   { "action", AC_JSON_OBJECT, FALSE },
};

#define CHECK(object, table, path)                                                                 \
  ac_json_check ((object), (table), G_N_ELEMENTS (table), AC_JSON_LENIENT, (path), error)

/**
 * ac_me_new_from_json:
 *
 * Returns: (transfer full): who the token belongs to, or %NULL with an AC_MODEL_ERROR.
 */
AcMe *
ac_me_new_from_json (JsonObject *object, GError **error)
{
  AcMe *me;

  if (!CHECK (object, me_members, NULL))
    return NULL;
  me = g_new0 (AcMe, 1);
  me->name = g_strdup (ac_json_get_string (object, "name"));
  me->role = g_strdup (ac_json_get_string (object, "role"));
  me->permissions = ac_json_get_strings (object, "permissions");
  me->history_days = ac_json_get_integer (object, "historyDays", 0);
  me->second_person = ac_json_get_boolean (object, "secondPerson", FALSE);
  return me;
}

/**
 * ac_me_may:
 *
 * Returns: whether the person may do it, as the service has said, or by the role when it has listed
 * no permissions. The service decides in the end; this is for what the window offers.
 */
gboolean
ac_me_may (const AcMe *me, AcPermission permission)
{
  g_return_val_if_fail (me != NULL, FALSE);

  if (me->permissions[0] != NULL)
    return g_strv_contains ((const char *const *)me->permissions, ac_permission_name (permission));
  return ac_role_may (ac_role_parse (me->role), permission);
}

/**
 * ac_me_may_decide:
 * @action_type: (nullable): raw; of the actions
 *
 * Returns: whether the person may decide about such actions. The service decides in the end, also
 * about roles that this program does not know.
 */
gboolean
ac_me_may_decide (const AcMe *me, const char *action_type)
{
  AcRole role;

  g_return_val_if_fail (me != NULL, FALSE);

  role = ac_role_parse (me->role);
  return ac_me_may (me, AC_PERMISSION_DECIDE) &&
         (role == AC_ROLE_UNKNOWN || ac_role_may_decide (role, ac_action_type_parse (action_type)));
}

/**
 * ac_me_copy:
 *
 * Returns: (transfer full): a copy.
 */
AcMe *
ac_me_copy (const AcMe *me)
{
  AcMe *copy = g_new0 (AcMe, 1);

  copy->name = g_strdup (me->name);
  copy->role = g_strdup (me->role);
  copy->permissions = g_strdupv (me->permissions);
  copy->history_days = me->history_days;
  copy->second_person = me->second_person;
  return copy;
}

void
ac_me_free (AcMe *me)
{
  if (me == NULL)
    return;
  g_free (me->name);
  g_free (me->role);
  g_strfreev (me->permissions);
  g_free (me);
}

static gboolean
read_page (JsonObject *object, char **next_cursor, guint64 *total, GError **error)
{
  gint64 number;

  if (!CHECK (object, page_members, NULL))
    return FALSE;
  number = ac_json_get_integer (object, "total", 0);
  if (number < 0)
    {
      g_set_error_literal (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                           "total: must not be negative");
      return FALSE;
    }
  *next_cursor = g_strdup (ac_json_get_string (object, "nextCursor"));
  *total = (guint64)number;
  return TRUE;
}

/**
 * ac_action_page_new_from_json:
 * @ids_only: whether fields=id was asked for
 *
 * Returns: (transfer full): the page, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcActionPage *
ac_action_page_new_from_json (JsonObject *object, gboolean ids_only, GError **error)
{
  g_autoptr (AcActionPage) page = g_new0 (AcActionPage, 1);
  g_autoptr (GStrvBuilder) ids = NULL;
  JsonArray *items;
  guint n;

  if (!read_page (object, &page->next_cursor, &page->total, error))
    return NULL;
  items = ac_json_get_array (object, "items");
  n = json_array_get_length (items);
  if (ids_only)
    ids = g_strv_builder_new ();
  else
    page->actions = g_ptr_array_new_full (n, g_object_unref);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("items[%u]", i);
      JsonObject *item = ac_json_element_object (items, i, "items", error);
      AcAction *action;

      if (item == NULL)
        return NULL;
      if (ids_only)
        {
          if (!CHECK (item, id_members, path))
            return NULL;
          g_strv_builder_add (ids, ac_json_get_string (item, "id"));
          continue;
        }
      action = ac_action_new_from_json (item, AC_JSON_LENIENT, path, error);
      if (action == NULL)
        return NULL;
      g_ptr_array_add (page->actions, action);
    }
  if (ids_only)
    page->ids = g_strv_builder_end (ids);
  return g_steal_pointer (&page);
}

void
ac_action_page_free (AcActionPage *page)
{
  if (page == NULL)
    return;
  g_clear_pointer (&page->actions, g_ptr_array_unref);
  g_strfreev (page->ids);
  g_free (page->next_cursor);
  g_free (page);
}

/**
 * ac_investigation_page_new_from_json:
 *
 * Returns: (transfer full): the page, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcInvestigationPage *
ac_investigation_page_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (AcInvestigationPage) page = g_new0 (AcInvestigationPage, 1);
  JsonArray *items;

  if (!read_page (object, &page->next_cursor, &page->total, error))
    return NULL;
  items = ac_json_get_array (object, "items");
  if (ac_json_get_object (object, "facets") != NULL)
    page->facets = json_object_ref (ac_json_get_object (object, "facets"));
  page->investigations = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      g_autofree char *path = g_strdup_printf ("items[%u]", i);
      JsonObject *item = ac_json_element_object (items, i, "items", error);
      AcInvestigation *investigation;

      if (item == NULL)
        return NULL;
      investigation = ac_investigation_new_from_json (item, AC_JSON_LENIENT, path, error);
      if (investigation == NULL)
        return NULL;
      g_ptr_array_add (page->investigations, investigation);
    }
  return g_steal_pointer (&page);
}

void
ac_investigation_page_free (AcInvestigationPage *page)
{
  if (page == NULL)
    return;
  g_clear_pointer (&page->investigations, g_ptr_array_unref);
  g_clear_pointer (&page->facets, json_object_unref);
  g_free (page->next_cursor);
  g_free (page);
}

/**
 * ac_investigation_log_page_new_from_json:
 *
 * Returns: (transfer full): the page, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcInvestigationLogPage *
ac_investigation_log_page_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (AcInvestigationLogPage) page = g_new0 (AcInvestigationLogPage, 1);
  JsonArray *items;

  if (!read_page (object, &page->next_cursor, &page->total, error))
    return NULL;
  items = ac_json_get_array (object, "items");
  page->entries = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      g_autofree char *path = g_strdup_printf ("items[%u]", i);
      JsonObject *item = ac_json_element_object (items, i, "items", error);
      AcLogEntry *entry =
          item != NULL ? ac_log_entry_new_from_json (item, AC_JSON_LENIENT, path, error) : NULL;

      if (entry == NULL)
        return NULL;
      g_ptr_array_add (page->entries, entry);
    }
  return g_steal_pointer (&page);
}

void
ac_investigation_log_page_free (AcInvestigationLogPage *page)
{
  if (page == NULL)
    return;
  g_clear_pointer (&page->entries, g_ptr_array_unref);
  g_free (page->next_cursor);
  g_free (page);
}

static void
change_free (gpointer data)
{
  AcChange *change = data;

  g_free (change->token);
  g_free (change->id);
  g_clear_object (&change->action);
  g_free (change);
}

static AcChangeKind
change_kind_parse (const char *wire)
{
  if (g_str_equal (wire, "action"))
    return AC_CHANGE_ACTION;
  if (g_str_equal (wire, "investigation"))
    return AC_CHANGE_INVESTIGATION;
  if (g_str_equal (wire, "operation"))
    return AC_CHANGE_OPERATION;
  return AC_CHANGE_OTHER;
}

static gboolean
read_change (AcChangePage *page, JsonObject *item, const char *path, GError **error)
{
  JsonObject *object;
  AcChange *change;

  if (!CHECK (item, change_members, path))
    return FALSE;
  change = g_new0 (AcChange, 1);
  g_ptr_array_add (page->changes, change);
  change->token = g_strdup (ac_json_get_string (item, "token"));
  change->kind = change_kind_parse (ac_json_get_string (item, "kind"));
  change->id = g_strdup (ac_json_get_string (item, "id"));
  change->version = ac_json_get_integer (item, "version", 0);
  change->at = ac_json_get_time (item, "at");
  object = ac_json_get_object (item, "action");
  if (object != NULL)
    {
      g_autofree char *action_path = g_strconcat (path, ".action", NULL);

      change->action = ac_action_new_from_json (object, AC_JSON_LENIENT, action_path, error);
      return change->action != NULL;
    }
  return TRUE;
}

/**
 * ac_change_page_new_from_json:
 *
 * Returns: (transfer full): the page, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcChangePage *
ac_change_page_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (AcChangePage) page = g_new0 (AcChangePage, 1);
  JsonArray *items;

  if (!CHECK (object, change_page_members, NULL))
    return NULL;
  page->next = g_strdup (ac_json_get_string (object, "next"));
  page->more = ac_json_get_boolean (object, "more", FALSE);
  page->changes = g_ptr_array_new_with_free_func (change_free);
  items = ac_json_get_array (object, "items");
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      g_autofree char *path = g_strdup_printf ("items[%u]", i);
      JsonObject *item = ac_json_element_object (items, i, "items", error);

      if (item == NULL || !read_change (page, item, path, error))
        return NULL;
    }
  return g_steal_pointer (&page);
}

void
ac_change_page_free (AcChangePage *page)
{
  if (page == NULL)
    return;
  g_clear_pointer (&page->changes, g_ptr_array_unref);
  g_free (page->next);
  g_free (page);
}
