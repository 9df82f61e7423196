/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-operation.h"
#include "model/ac-time.h"

struct _AcOperation
{
  GObject parent_instance;

  JsonObject *members; /* as they came, checked; never changed */
  JsonObject *counts;  /* owned by members */
  GPtrArray *items;    /* of AcOperationItem */
  GStrv assets;        /* nullable */
};

G_DEFINE_FINAL_TYPE (AcOperation, ac_operation, G_TYPE_OBJECT)

static const AcJsonMember members[] = {
  { "id", AC_JSON_TEXT, TRUE },
  { "decision", AC_JSON_ENUM, TRUE, AC_VOCABULARY_DECISION },
  { "assets", AC_JSON_STRING_ARRAY, FALSE },
  { "comment", AC_JSON_STRING, FALSE },
  { "decidedBy", AC_JSON_STRING, TRUE },
  { "createdAt", AC_JSON_TIME, TRUE },
  { "finishedAt", AC_JSON_TIME, FALSE },
  { "takeBackUntil", AC_JSON_TIME, FALSE },
  { "status", AC_JSON_ENUM, TRUE, AC_VOCABULARY_OPERATION_STATUS },
  { "counts", AC_JSON_OBJECT, TRUE },
  { "items", AC_JSON_ARRAY, FALSE },
};

static const AcJsonMember count_members[] = {
  { "total", AC_JSON_INTEGER, TRUE },   { "waiting", AC_JSON_INTEGER, TRUE },
  { "done", AC_JSON_INTEGER, TRUE },    { "failed", AC_JSON_INTEGER, TRUE },
  { "skipped", AC_JSON_INTEGER, TRUE },
};

static const AcJsonMember item_members[] = {
  { "actionId", AC_JSON_TEXT, TRUE },
  { "status", AC_JSON_ENUM, TRUE, AC_VOCABULARY_STATUS },
  { "state", AC_JSON_STRING, TRUE },
  { "detail", AC_JSON_STRING, FALSE },
  { "undo", AC_JSON_BOOLEAN, FALSE },
};

static const AcJsonMember request_members[] = {
  { "decision", AC_JSON_ENUM, TRUE, AC_VOCABULARY_DECISION },
  { "actionIds", AC_JSON_STRING_ARRAY, TRUE },
  { "assets", AC_JSON_STRING_ARRAY, FALSE },
  { "comment", AC_JSON_STRING, FALSE },
  { "includeInstances", AC_JSON_BOOLEAN, FALSE },
  { "targets", AC_JSON_ARRAY, FALSE },
  { "confirmedMessages", AC_JSON_INTEGER, FALSE },
};

static const AcJsonMember target_members[] = {
  { "actionId", AC_JSON_TEXT, TRUE },
  { "digest", AC_JSON_TEXT, TRUE },
};

static void
operation_item_free (gpointer data)
{
  AcOperationItem *item = data;

  g_free (item->action_id);
  g_free (item->status);
  g_free (item->state);
  g_free (item->detail);
  g_free (item);
}

static void
ac_operation_finalize (GObject *object)
{
  AcOperation *self = AC_OPERATION (object);

  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->assets, g_strfreev);
  g_clear_pointer (&self->members, json_object_unref);
  G_OBJECT_CLASS (ac_operation_parent_class)->finalize (object);
}

static void
ac_operation_class_init (AcOperationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_operation_finalize;
}

static void
ac_operation_init (AcOperation *self)
{
  self->items = g_ptr_array_new_with_free_func (operation_item_free);
}

static gboolean
read_items (AcOperation *self, JsonArray *array, AcJsonMode mode, GError **error)
{
  gboolean undo = ac_decision_parse (ac_operation_get_decision (self)) == AC_DECISION_UNDO;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("items[%u]", i);
      JsonObject *object = ac_json_element_object (array, i, "items", error);
      AcOperationItem *item;

      if (object == NULL ||
          !ac_json_check (object, item_members, G_N_ELEMENTS (item_members), mode, path, error))
        return FALSE;
      item = g_new0 (AcOperationItem, 1);
      item->action_id = g_strdup (ac_json_get_string (object, "actionId"));
      item->status = g_strdup (ac_json_get_string (object, "status"));
      item->state = g_strdup (ac_json_get_string (object, "state"));
      item->detail = g_strdup (ac_json_get_string (object, "detail"));
      item->undo = undo || ac_json_get_boolean (object, "undo", FALSE);
      g_ptr_array_add (self->items, item);
    }
  return TRUE;
}

/**
 * ac_operation_new_from_json:
 * @object: an operation as the API gives it; must not be changed afterwards
 *
 * Returns: (transfer full): the operation, or %NULL with an AC_MODEL_ERROR naming the member.
 */
AcOperation *
ac_operation_new_from_json (JsonObject *object, AcJsonMode mode, const char *path, GError **error)
{
  g_autoptr (AcOperation) self = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  if (!ac_json_check (object, members, G_N_ELEMENTS (members), mode, path, error) ||
      !ac_json_check (ac_json_get_object (object, "counts"), count_members,
                      G_N_ELEMENTS (count_members), mode, "counts", error))
    return NULL;
  self = g_object_new (AC_TYPE_OPERATION, NULL);
  self->members = json_object_ref (object);
  self->counts = ac_json_get_object (object, "counts");
  if (json_object_has_member (object, "assets"))
    self->assets = ac_json_get_strings (object, "assets");
  if (!read_items (self, ac_json_get_array (object, "items"), mode, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * ac_operation_to_json:
 *
 * Returns: (transfer full): the operation as it came; must not be changed.
 */
JsonObject *
ac_operation_to_json (AcOperation *self)
{
  g_return_val_if_fail (AC_IS_OPERATION (self), NULL);

  return json_object_ref (self->members);
}

/* Strings are owned by the operation; those it does not have are NULL. */
#define STRING_GETTER(name, member)                                                                \
  const char *ac_operation_get_##name (AcOperation *self)                                          \
  {                                                                                                \
    g_return_val_if_fail (AC_IS_OPERATION (self), NULL);                                           \
    return ac_json_get_string (self->members, member);                                             \
  }

STRING_GETTER (id, "id")
STRING_GETTER (decision, "decision")
STRING_GETTER (status, "status")
STRING_GETTER (comment, "comment")
STRING_GETTER (decided_by, "decidedBy")

/* How many actions: total = waiting + done + failed + skipped. */
#define COUNT_GETTER(name)                                                                         \
  guint ac_operation_get_##name (AcOperation *self)                                                \
  {                                                                                                \
    g_return_val_if_fail (AC_IS_OPERATION (self), 0);                                              \
    return (guint)ac_json_get_integer (self->counts, #name, 0);                                    \
  }

COUNT_GETTER (total)
COUNT_GETTER (waiting)
COUNT_GETTER (done)
COUNT_GETTER (failed)
COUNT_GETTER (skipped)

/**
 * ac_operation_is_finished:
 *
 * Returns: whether no action of it waits or runs any more.
 */
gboolean
ac_operation_is_finished (AcOperation *self)
{
  g_return_val_if_fail (AC_IS_OPERATION (self), FALSE);

  return ac_vocabulary_parse (AC_VOCABULARY_OPERATION_STATUS, ac_operation_get_status (self)) ==
         AC_OPERATION_STATUS_FINISHED;
}

/**
 * ac_operation_get_assets:
 *
 * Returns: (transfer none) (nullable): the only assets that it is about; %NULL: all.
 */
const char *const *
ac_operation_get_assets (AcOperation *self)
{
  g_return_val_if_fail (AC_IS_OPERATION (self), NULL);

  return (const char *const *)self->assets;
}

gint64
ac_operation_get_created_at (AcOperation *self)
{
  g_return_val_if_fail (AC_IS_OPERATION (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "createdAt");
}

/**
 * ac_operation_get_take_back_until:
 *
 * Returns: microseconds since 1970 in UTC by the service's clock, or AC_TIME_NONE.
 */
gint64
ac_operation_get_take_back_until (AcOperation *self)
{
  g_return_val_if_fail (AC_IS_OPERATION (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "takeBackUntil");
}

/**
 * ac_operation_get_finished_at:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE while it runs.
 */
gint64
ac_operation_get_finished_at (AcOperation *self)
{
  g_return_val_if_fail (AC_IS_OPERATION (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "finishedAt");
}

/**
 * ac_operation_get_items:
 *
 * Returns: (transfer none) (element-type AcOperationItem): in the order of the request; empty when
 * the answer left them out.
 */
GPtrArray *
ac_operation_get_items (AcOperation *self)
{
  g_return_val_if_fail (AC_IS_OPERATION (self), NULL);

  return self->items;
}

/**
 * ac_operation_request_new:
 * @comment: (nullable): why, for the audit log
 *
 * Returns: (transfer full): a request.
 */
AcOperationRequest *
ac_operation_request_new (AcDecision decision, const char *const *action_ids, const char *comment)
{
  AcOperationRequest *request = g_new0 (AcOperationRequest, 1);

  request->decision = decision;
  request->action_ids = g_strdupv ((char **)action_ids);
  request->comment = g_strdup (comment);
  request->confirmed_messages = -1;
  return request;
}

/**
 * ac_operation_request_set_assets:
 * @assets: (nullable): of an undo or a retry of one action: only these of its assets; %NULL: all
 */
void
ac_operation_request_set_assets (AcOperationRequest *request, const char *const *assets)
{
  g_strfreev (request->assets);
  request->assets = g_strdupv ((char **)assets);
}

/**
 * ac_operation_request_add_target:
 * @digest: of the targets of the action, as the person has seen them
 */
void
ac_operation_request_add_target (AcOperationRequest *request,
                                 const char *action_id,
                                 const char *digest)
{
  if (request->targets == NULL)
    request->targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (request->targets, g_strdup (action_id), g_strdup (digest));
}

static gboolean
read_request_targets (AcOperationRequest *request, JsonArray *array, GError **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  if (array != NULL && request->decision != AC_DECISION_APPROVE)
    {
      g_set_error_literal (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                           "targets: only an approval names what was seen");
      return FALSE;
    }
  for (char **id = request->action_ids; *id != NULL; id++)
    g_hash_table_add (known, *id);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("targets[%u]", i);
      JsonObject *object = ac_json_element_object (array, i, "targets", error);
      const char *id;

      if (object == NULL || !ac_json_check (object, target_members, G_N_ELEMENTS (target_members),
                                            AC_JSON_STRICT, path, error))
        return FALSE;
      id = ac_json_get_string (object, "actionId");
      if (!g_hash_table_contains (known, id))
        {
          g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                       "%s.actionId: “%s” is not among actionIds", path, id);
          return FALSE;
        }
      ac_operation_request_add_target (request, id, ac_json_get_string (object, "digest"));
    }
  return TRUE;
}

static gboolean
read_confirmed (AcOperationRequest *request, JsonObject *object, GError **error)
{
  request->confirmed_messages = ac_json_get_integer (object, "confirmedMessages", -1);
  if (!json_object_has_member (object, "confirmedMessages") ||
      (request->decision == AC_DECISION_APPROVE && request->confirmed_messages >= 0))
    return TRUE;
  g_set_error_literal (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                       "confirmedMessages: must be a number of messages, of an approval");
  return FALSE;
}

/* Each is a name, and none stands there twice. */
static gboolean
check_names (const char *member, const GStrv names, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (names[i][0] == '\0')
        {
          g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                       "%s[%u]: must not be empty", member, i);
          return FALSE;
        }
      if (!g_hash_table_add (seen, names[i]))
        {
          g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                       "%s[%u]: “%s” stands there twice", member, i, names[i]);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_ids (const GStrv ids, GError **error)
{
  guint n = g_strv_length (ids);

  if (n == 0 || n > AC_OPERATION_MAX_ACTIONS)
    {
      g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_OUT_OF_RANGE,
                   "actionIds: must hold 1 to %d ids, holds %u", AC_OPERATION_MAX_ACTIONS, n);
      return FALSE;
    }
  return check_names ("actionIds", ids, error);
}

/* What is left of an action is there to be tried again or undone later; nothing else of a decision
 * can be put off for a part of it. */
static gboolean
read_assets (AcOperationRequest *request, JsonObject *object, GError **error)
{
  const char *problem = NULL;

  if (!json_object_has_member (object, "assets"))
    return TRUE;
  request->assets = ac_json_get_strings (object, "assets");
  if (request->decision != AC_DECISION_UNDO && request->decision != AC_DECISION_RETRY)
    problem = "only an undo or a retry can be for some of the assets";
  else if (request->action_ids[1] != NULL)
    problem = "only one action at a time can be undone or tried again for some of its assets";
  else if (request->include_instances)
    problem = "further instances are undone as a whole; leave one of the two out";
  else if (request->assets[0] == NULL)
    problem = "must name at least one asset; leave it out for all of them";
  if (problem == NULL)
    return check_names ("assets", request->assets, error);
  g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE, "assets: %s", problem);
  return FALSE;
}

/**
 * ac_operation_request_new_from_json:
 * @object: the body of POST /operations
 *
 * Strict: what is not known is refused by name.
 *
 * Returns: (transfer full): the request, or %NULL with an AC_MODEL_ERROR; too many or no ids are
 * AC_MODEL_ERROR_OUT_OF_RANGE.
 */
AcOperationRequest *
ac_operation_request_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (AcOperationRequest) request = g_new0 (AcOperationRequest, 1);

  g_return_val_if_fail (object != NULL, NULL);

  if (!ac_json_check (object, request_members, G_N_ELEMENTS (request_members), AC_JSON_STRICT, NULL,
                      error))
    return NULL;
  request->decision = ac_decision_parse (ac_json_get_string (object, "decision"));
  request->action_ids = ac_json_get_strings (object, "actionIds");
  request->comment = g_strdup (ac_json_get_string (object, "comment"));
  request->include_instances = ac_json_get_boolean (object, "includeInstances", FALSE);
  if (request->include_instances && request->decision != AC_DECISION_UNDO)
    {
      g_set_error_literal (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                           "includeInstances: only an undo can include further instances");
      return NULL;
    }
  if (!check_ids (request->action_ids, error) || !read_assets (request, object, error) ||
      !read_request_targets (request, ac_json_get_array (object, "targets"), error) ||
      !read_confirmed (request, object, error))
    return NULL;
  if (request->comment != NULL && g_utf8_strlen (request->comment, -1) > AC_COMMENT_MAX_LENGTH)
    {
      g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_OUT_OF_RANGE,
                   "comment: must not be longer than %d characters", AC_COMMENT_MAX_LENGTH);
      return NULL;
    }
  return g_steal_pointer (&request);
}

/* In the order of the ids, so that the same request is the same text. */
static void
set_targets (const AcOperationRequest *request, JsonObject *object)
{
  JsonArray *array;

  if (request->targets == NULL)
    return;
  array = json_array_new ();
  for (char **id = request->action_ids; *id != NULL; id++)
    {
      const char *digest = g_hash_table_lookup (request->targets, *id);
      JsonObject *target;

      if (digest == NULL)
        continue;
      target = json_object_new ();
      ac_json_set_string (target, "actionId", *id);
      ac_json_set_string (target, "digest", digest);
      json_array_add_object_element (array, target);
    }
  json_object_set_array_member (object, "targets", array);
}

/**
 * ac_operation_request_to_json:
 *
 * Returns: (transfer full): the body of POST /operations.
 */
JsonObject *
ac_operation_request_to_json (const AcOperationRequest *request)
{
  JsonObject *object = json_object_new ();

  ac_json_set_string (object, "decision", ac_decision_wire (request->decision));
  ac_json_set_strings (object, "actionIds", (const char *const *)request->action_ids);
  if (request->assets != NULL)
    ac_json_set_strings (object, "assets", (const char *const *)request->assets);
  ac_json_set_string (object, "comment", request->comment);
  if (request->include_instances)
    json_object_set_boolean_member (object, "includeInstances", TRUE);
  set_targets (request, object);
  if (request->confirmed_messages >= 0)
    json_object_set_int_member (object, "confirmedMessages", request->confirmed_messages);
  return object;
}

void
ac_operation_request_free (AcOperationRequest *request)
{
  if (request == NULL)
    return;
  g_strfreev (request->action_ids);
  g_strfreev (request->assets);
  g_free (request->comment);
  g_clear_pointer (&request->targets, g_hash_table_unref);
  g_free (request);
}
