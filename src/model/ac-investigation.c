/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-action.h"
#include "model/ac-alert.h"
#include "model/ac-cluster.h"
#include "model/ac-investigation.h"
#include "model/ac-investigation-state.h"
#include "model/ac-log-entry.h"
#include "model/ac-time.h"

struct _AcInvestigation
{
  GObject parent_instance;

  JsonObject *members;  /* as they came, checked; never changed */
  GPtrArray *evidence;  /* of AcEvidence */
  GPtrArray *entities;  /* of AcEvidence: what was looked at, harmless or not */
  GPtrArray *alerts;    /* of AcAlert */
  GPtrArray *log;       /* of AcLogEntry; of a request */
  GPtrArray *actions;   /* of AcAction; of an answer */
  GPtrArray *proposals; /* of AcProposal; of a request */
};

G_DEFINE_FINAL_TYPE (AcInvestigation, ac_investigation, G_TYPE_OBJECT)

static const AcJsonMember request_members[] = {
  { "externalId", AC_JSON_TEXT, TRUE },
  { "title", AC_JSON_TEXT, TRUE },
  { "description", AC_JSON_STRING, FALSE },
  { "trigger", AC_JSON_STRING, FALSE },
  { "detectionSource", AC_JSON_STRING, FALSE },
  { "severity", AC_JSON_STRING, FALSE },
  { "state", AC_JSON_TEXT, FALSE },
  { "alerts", AC_JSON_ARRAY, FALSE },
  { "evidence", AC_JSON_ARRAY, FALSE },
  { "entities", AC_JSON_ARRAY, FALSE },
  { "actions", AC_JSON_ARRAY, FALSE },
  { "log", AC_JSON_ARRAY, FALSE },
};

static const AcJsonMember members[] = {
  { "id", AC_JSON_TEXT, TRUE },
  { "version", AC_JSON_INTEGER, TRUE },
  { "externalId", AC_JSON_STRING, FALSE },
  { "title", AC_JSON_STRING, TRUE },
  { "description", AC_JSON_STRING, FALSE },
  { "trigger", AC_JSON_STRING, FALSE },
  { "detectionSource", AC_JSON_STRING, FALSE },
  { "severity", AC_JSON_STRING, FALSE },
  { "status", AC_JSON_ENUM, TRUE, AC_VOCABULARY_INVESTIGATION_STATUS },
  { "createdAt", AC_JSON_TIME, TRUE },
  { "updatedAt", AC_JSON_TIME, TRUE },
  { "endedAt", AC_JSON_TIME, FALSE },
  { "pendingSince", AC_JSON_TIME, FALSE },
  { "pendingSeconds", AC_JSON_INTEGER, FALSE },
  { "state", AC_JSON_STRING, FALSE },
  { "threatCount", AC_JSON_INTEGER, FALSE },
  { "threats", AC_JSON_STRING_ARRAY, FALSE },
  { "mailboxes", AC_JSON_STRING_ARRAY, FALSE },
  { "mailboxCount", AC_JSON_INTEGER, FALSE },
  { "devices", AC_JSON_STRING_ARRAY, FALSE },
  { "deviceCount", AC_JSON_INTEGER, FALSE },
  { "logCount", AC_JSON_INTEGER, FALSE },
  { "alerts", AC_JSON_ARRAY, FALSE },
  { "entities", AC_JSON_ARRAY, FALSE },
  { "evidence", AC_JSON_ARRAY, FALSE },
  { "actions", AC_JSON_ARRAY, FALSE },
  { "actionCount", AC_JSON_INTEGER, FALSE },
  { "pendingCount", AC_JSON_INTEGER, FALSE },
};

static const AcJsonMember proposal_members[] = {
  { "type", AC_JSON_ENUM, TRUE, AC_VOCABULARY_ACTION_TYPE },
  { "verdict", AC_JSON_ENUM, TRUE, AC_VOCABULARY_VERDICT },
  { "source", AC_JSON_ENUM, FALSE, AC_VOCABULARY_SOURCE },
  { "reason", AC_JSON_STRING, FALSE },
  { "entity", AC_JSON_OBJECT, TRUE },
  { "assets", AC_JSON_STRING_ARRAY, TRUE },
  { "expiresAt", AC_JSON_TIME, FALSE },
};

/* What each type of action is about. */
static const AcEntityType type_entities[] = {
  [AC_ACTION_TYPE_SOFT_DELETE_EMAIL] = AC_ENTITY_TYPE_EMAIL_MESSAGE,
  [AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER] = AC_ENTITY_TYPE_EMAIL_CLUSTER,
  [AC_ACTION_TYPE_QUARANTINE_EMAIL] = AC_ENTITY_TYPE_EMAIL_MESSAGE,
  [AC_ACTION_TYPE_QUARANTINE_ATTACHMENT] = AC_ENTITY_TYPE_ATTACHMENT,
  [AC_ACTION_TYPE_BLOCK_URL] = AC_ENTITY_TYPE_URL,
  [AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING] = AC_ENTITY_TYPE_MAILBOX,
  [AC_ACTION_TYPE_QUARANTINE_FILE] = AC_ENTITY_TYPE_FILE,
};

static void
ac_investigation_finalize (GObject *object)
{
  AcInvestigation *self = AC_INVESTIGATION (object);

  g_clear_pointer (&self->evidence, g_ptr_array_unref);
  g_clear_pointer (&self->entities, g_ptr_array_unref);
  g_clear_pointer (&self->alerts, g_ptr_array_unref);
  g_clear_pointer (&self->log, g_ptr_array_unref);
  g_clear_pointer (&self->actions, g_ptr_array_unref);
  g_clear_pointer (&self->proposals, g_ptr_array_unref);
  g_clear_pointer (&self->members, json_object_unref);
  G_OBJECT_CLASS (ac_investigation_parent_class)->finalize (object);
}

static void
ac_investigation_class_init (AcInvestigationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_investigation_finalize;
}

static void
ac_investigation_init (AcInvestigation *self)
{
  self->evidence = g_ptr_array_new_with_free_func (g_object_unref);
  self->entities = g_ptr_array_new_with_free_func (g_object_unref);
  self->alerts = g_ptr_array_new_with_free_func (g_object_unref);
  self->log = g_ptr_array_new_with_free_func (g_object_unref);
  self->actions = g_ptr_array_new_with_free_func (g_object_unref);
  self->proposals = g_ptr_array_new_with_free_func ((GDestroyNotify)ac_proposal_free);
}

void
ac_proposal_free (AcProposal *proposal)
{
  if (proposal == NULL)
    return;
  g_free (proposal->type);
  g_free (proposal->verdict);
  g_free (proposal->source);
  g_free (proposal->reason);
  g_clear_object (&proposal->entity);
  g_strfreev (proposal->assets);
  g_free (proposal);
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/**
 * ac_proposal_digest:
 *
 * Two proposals with the same type, entity and assets (in any order) are the same proposal: a
 * detector may post them again.
 *
 * Returns: (transfer full): a SHA-256 in hexadecimal.
 */
char *
ac_proposal_digest (const AcProposal *proposal)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *entity = ac_entity_canonical (proposal->entity);
  g_autoptr (GPtrArray) assets = g_ptr_array_new ();

  for (char **asset = proposal->assets; *asset != NULL; asset++)
    g_ptr_array_add (assets, *asset);
  g_ptr_array_sort (assets, compare_strings);

  /* The zero behind each part keeps "ab"+"c" apart from "a"+"bc". */
  g_checksum_update (checksum, (const guchar *)proposal->type, (gssize)strlen (proposal->type) + 1);
  g_checksum_update (checksum, (const guchar *)entity, (gssize)strlen (entity) + 1);
  for (guint i = 0; i < assets->len; i++)
    g_checksum_update (checksum, (const guchar *)assets->pdata[i],
                       (gssize)strlen (assets->pdata[i]) + 1);
  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
check_assets (const GStrv assets, const char *path, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (assets[0] == NULL)
    {
      g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                   "%s.assets: must name at least one mailbox or device", path);
      return FALSE;
    }
  for (guint i = 0; assets[i] != NULL; i++)
    {
      if (assets[i][0] == '\0' || strpbrk (assets[i], "\r\n\t") != NULL)
        {
          g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                       "%s.assets[%u]: must be the name of a mailbox or device", path, i);
          return FALSE;
        }
      if (!g_hash_table_add (seen, assets[i]))
        {
          g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                       "%s.assets[%u]: “%s” stands there twice", path, i, assets[i]);
          return FALSE;
        }
    }
  return TRUE;
}

/* All mailboxes are meant by one name, which stands alone, and only where they are looked through.
 */
static gboolean
check_cluster (const AcProposal *proposal,
               const char *path,
               const char *entity_path,
               GError **error)
{
  gboolean is_cluster =
      ac_action_type_parse (proposal->type) == AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER;

  if (g_strv_contains ((const char *const *)proposal->assets, AC_CLUSTER_ALL_MAILBOXES) &&
      (!is_cluster || proposal->assets[1] != NULL))
    {
      g_set_error (
          error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
          "%s.assets: “%s” stands for all mailboxes; it must stand alone, and only an action "
          "of type %s takes it",
          path, AC_CLUSTER_ALL_MAILBOXES,
          ac_action_type_wire (AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER));
      return FALSE;
    }
  return !is_cluster || ac_cluster_check (proposal->entity, entity_path, error);
}

static AcProposal *
proposal_new_from_json (JsonObject *object, const char *path, GError **error)
{
  g_autoptr (AcProposal) proposal = g_new0 (AcProposal, 1);
  g_autofree char *entity_path = g_strconcat (path, ".entity", NULL);
  AcEntityType expected;

  if (!ac_json_check (object, proposal_members, G_N_ELEMENTS (proposal_members), AC_JSON_STRICT,
                      path, error))
    return NULL;

  proposal->type = g_strdup (ac_json_get_string (object, "type"));
  proposal->verdict = g_strdup (ac_json_get_string (object, "verdict"));
  proposal->source = g_strdup (ac_json_get_string (object, "source"));
  proposal->reason = g_strdup (ac_json_get_string (object, "reason"));
  proposal->expires_at = ac_json_get_time (object, "expiresAt");
  proposal->assets = ac_json_get_strings (object, "assets");
  if (!check_assets (proposal->assets, path, error))
    return NULL;
  proposal->entity = ac_entity_new_from_json (ac_json_get_object (object, "entity"), AC_JSON_STRICT,
                                              entity_path, error);
  if (proposal->entity == NULL)
    return NULL;

  expected = type_entities[ac_action_type_parse (proposal->type)];
  if (ac_entity_type_parse (ac_entity_get_entity_type (proposal->entity)) != expected)
    {
      g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                   "%s.entity.type: an action of type %s is about an entity of type %s, not %s",
                   path, proposal->type, ac_entity_type_wire (expected),
                   ac_entity_get_entity_type (proposal->entity));
      return NULL;
    }
  if (!check_cluster (proposal, path, entity_path, error))
    return NULL;
  return g_steal_pointer (&proposal);
}

/* Makes one object out of one element. */
typedef gpointer (*ReadElement) (JsonObject *object,
                                 AcJsonMode mode,
                                 const char *path,
                                 GError **error);

static gboolean
read_elements (GPtrArray *elements,
               JsonObject *object,
               const char *name,
               AcJsonMode mode,
               ReadElement read,
               GError **error)
{
  JsonArray *array = ac_json_get_array (object, name);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s[%u]", name, i);
      JsonObject *element = ac_json_element_object (array, i, name, error);
      gpointer one = element != NULL ? read (element, mode, path, error) : NULL;

      if (one == NULL)
        return FALSE;
      g_ptr_array_add (elements, one);
    }
  return TRUE;
}

/* An alert or a step that stands there twice is a mistake of the detector's: which of them holds?
 */
static gboolean
check_ids (JsonObject *object, const char *name, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *array = ac_json_get_array (object, name);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *id = ac_json_get_string (json_array_get_object_element (array, i), "id");

      if (!g_hash_table_add (seen, (gpointer)id))
        {
          g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE,
                       "%s[%u].id: “%s” stands there twice", name, i, id);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_parts (AcInvestigation *self, JsonObject *object, AcJsonMode mode, GError **error)
{
  return read_elements (self->evidence, object, "evidence", mode,
                        (ReadElement)ac_evidence_new_from_json, error) &&
         read_elements (self->entities, object, "entities", mode,
                        (ReadElement)ac_evidence_new_from_json, error) &&
         read_elements (self->alerts, object, "alerts", mode, (ReadElement)ac_alert_new_from_json,
                        error);
}

static gboolean
check_state (JsonObject *object, GError **error)
{
  const char *state = ac_json_get_string (object, "state");
  g_autofree char *known = NULL;

  if (state == NULL || ac_investigation_state_is_known (state))
    return TRUE;
  known = ac_investigation_state_list ();
  g_set_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_INVALID_VALUE, "state: “%s” is not one of %s",
               state, known);
  return FALSE;
}

static gboolean
read_proposals (AcInvestigation *self, JsonArray *array, GError **error)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("actions[%u]", i);
      JsonObject *element = ac_json_element_object (array, i, "actions", error);
      AcProposal *proposal;

      if (element == NULL)
        return FALSE;
      proposal = proposal_new_from_json (element, path, error);
      if (proposal == NULL)
        return FALSE;
      g_ptr_array_add (self->proposals, proposal);
    }
  return TRUE;
}

static gboolean
read_actions (AcInvestigation *self, JsonArray *array, AcJsonMode mode, GError **error)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("actions[%u]", i);
      JsonObject *element = ac_json_element_object (array, i, "actions", error);
      AcAction *action;

      if (element == NULL)
        return FALSE;
      action = ac_action_new_from_json (element, mode, path, error);
      if (action == NULL)
        return FALSE;
      g_ptr_array_add (self->actions, action);
    }
  return TRUE;
}

/**
 * ac_investigation_new_from_request:
 * @object: the body of POST /investigations
 *
 * Strict: what is not known is refused by name.
 *
 * Returns: (transfer full): with proposals and without actions; or %NULL with an AC_MODEL_ERROR.
 */
AcInvestigation *
ac_investigation_new_from_request (JsonObject *object, GError **error)
{
  g_autoptr (AcInvestigation) self = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  if (!ac_json_check (object, request_members, G_N_ELEMENTS (request_members), AC_JSON_STRICT, NULL,
                      error))
    return NULL;
  self = g_object_new (AC_TYPE_INVESTIGATION, NULL);
  self->members = json_object_ref (object);
  if (!check_state (object, error) || !read_parts (self, object, AC_JSON_STRICT, error) ||
      !read_elements (self->log, object, "log", AC_JSON_STRICT,
                      (ReadElement)ac_log_entry_new_from_json, error) ||
      !check_ids (object, "alerts", error) || !check_ids (object, "log", error) ||
      !read_proposals (self, ac_json_get_array (object, "actions"), error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * ac_investigation_new_from_json:
 * @object: an investigation as the API gives it; must not be changed afterwards
 *
 * Returns: (transfer full): with actions and without proposals; or %NULL with an AC_MODEL_ERROR.
 */
AcInvestigation *
ac_investigation_new_from_json (JsonObject *object,
                                AcJsonMode mode,
                                const char *path,
                                GError **error)
{
  g_autoptr (AcInvestigation) self = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  if (!ac_json_check (object, members, G_N_ELEMENTS (members), mode, path, error))
    return NULL;
  self = g_object_new (AC_TYPE_INVESTIGATION, NULL);
  self->members = json_object_ref (object);
  if (!read_parts (self, object, mode, error) ||
      !read_actions (self, ac_json_get_array (object, "actions"), mode, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * ac_investigation_to_json:
 *
 * Returns: (transfer full): all members, those too that this program does not know.
 */
JsonObject *
ac_investigation_to_json (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), NULL);

  return json_object_ref (self->members);
}

/* Strings are owned by the investigation; those it does not have are NULL. */
#define STRING_GETTER(name, member)                                                                \
  const char *ac_investigation_get_##name (AcInvestigation *self)                                  \
  {                                                                                                \
    g_return_val_if_fail (AC_IS_INVESTIGATION (self), NULL);                                       \
    return ac_json_get_string (self->members, member);                                             \
  }

STRING_GETTER (id, "id")
STRING_GETTER (external_id, "externalId")
STRING_GETTER (title, "title")
STRING_GETTER (description, "description")
STRING_GETTER (trigger, "trigger")
STRING_GETTER (detection_source, "detectionSource")
STRING_GETTER (severity, "severity")
STRING_GETTER (status, "status")
STRING_GETTER (state, "state")

gint64
ac_investigation_get_version (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), 0);

  return ac_json_get_integer (self->members, "version", 0);
}

/**
 * ac_investigation_get_created_at:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_investigation_get_created_at (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "createdAt");
}

/**
 * ac_investigation_get_updated_at:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE.
 */
gint64
ac_investigation_get_updated_at (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "updatedAt");
}

/**
 * ac_investigation_get_action_count:
 *
 * Returns: how many actions it has proposed, also where a list leaves the actions themselves out.
 */
guint
ac_investigation_get_action_count (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), 0);

  return (guint)ac_json_get_integer (self->members, "actionCount", self->actions->len);
}

/**
 * ac_investigation_get_pending_count:
 *
 * Returns: how many of its actions nobody has decided on.
 */
guint
ac_investigation_get_pending_count (AcInvestigation *self)
{
  guint pending = 0;

  g_return_val_if_fail (AC_IS_INVESTIGATION (self), 0);

  for (guint i = 0; i < self->actions->len; i++)
    if (ac_action_get_status_value (self->actions->pdata[i]) == AC_STATUS_PENDING)
      pending++;
  return (guint)ac_json_get_integer (self->members, "pendingCount", pending);
}

/**
 * ac_investigation_get_evidence:
 *
 * Returns: (transfer none) (element-type AcEvidence): may be empty.
 */
GPtrArray *
ac_investigation_get_evidence (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), NULL);

  return self->evidence;
}

/**
 * ac_investigation_get_actions:
 *
 * Returns: (transfer none) (element-type AcAction): may be empty.
 */
GPtrArray *
ac_investigation_get_actions (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), NULL);

  return self->actions;
}

/**
 * ac_investigation_get_proposals:
 *
 * Returns: (transfer none) (element-type AcProposal): of a request.
 */
GPtrArray *
ac_investigation_get_proposals (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), NULL);

  return self->proposals;
}

/**
 * ac_investigation_get_ended_at:
 *
 * Returns: microseconds since 1970 in UTC, or AC_TIME_NONE while it goes on.
 */
gint64
ac_investigation_get_ended_at (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "endedAt");
}

/**
 * ac_investigation_get_duration:
 * @now: microseconds since 1970 in UTC
 *
 * Returns: from its beginning to its end, or to @now while it goes on, waiting and all; in
 * microseconds.
 */
gint64
ac_investigation_get_duration (AcInvestigation *self, gint64 now)
{
  gint64 ended_at = ac_investigation_get_ended_at (self);

  return MAX ((ended_at != AC_TIME_NONE ? ended_at : now) - ac_investigation_get_created_at (self),
              0);
}

/**
 * ac_investigation_get_pending_since:
 *
 * Returns: since when at least one of its actions has waited for a decision, in microseconds since
 * 1970 in UTC; AC_TIME_NONE when none does.
 */
gint64
ac_investigation_get_pending_since (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), AC_TIME_NONE);

  return ac_json_get_time (self->members, "pendingSince");
}

/**
 * ac_investigation_get_pending_time:
 * @now: microseconds since 1970 in UTC
 *
 * Returns: how long at least one of its actions has waited for a decision, all told; in
 * microseconds.
 */
gint64
ac_investigation_get_pending_time (AcInvestigation *self, gint64 now)
{
  gint64 since;
  gint64 before;

  g_return_val_if_fail (AC_IS_INVESTIGATION (self), 0);

  since = ac_investigation_get_pending_since (self);
  before = ac_json_get_integer (self->members, "pendingSeconds", 0) * G_TIME_SPAN_SECOND;
  return before + (since != AC_TIME_NONE ? MAX (now - since, 0) : 0);
}

/**
 * ac_investigation_get_threat_count:
 *
 * Returns: how much of its evidence is malicious or suspicious.
 */
guint
ac_investigation_get_threat_count (AcInvestigation *self)
{
  guint threats = 0;

  g_return_val_if_fail (AC_IS_INVESTIGATION (self), 0);

  for (guint i = 0; i < self->evidence->len; i++)
    if (ac_evidence_is_threat (self->evidence->pdata[i]))
      threats++;
  return (guint)ac_json_get_integer (self->members, "threatCount", threats);
}

/* Lists are the caller's; those it does not have are empty. */
#define STRINGS_GETTER(name, member)                                                               \
  GStrv ac_investigation_dup_##name (AcInvestigation *self)                                        \
  {                                                                                                \
    g_return_val_if_fail (AC_IS_INVESTIGATION (self), NULL);                                       \
    return ac_json_get_strings (self->members, member);                                            \
  }

STRINGS_GETTER (threats, "threats")
STRINGS_GETTER (mailboxes, "mailboxes")
STRINGS_GETTER (devices, "devices")

/* A list that is cut off is counted in full. */
#define COUNT_GETTER(name, member)                                                                 \
  guint ac_investigation_get_##name (AcInvestigation *self)                                        \
  {                                                                                                \
    g_return_val_if_fail (AC_IS_INVESTIGATION (self), 0);                                          \
    return (guint)ac_json_get_integer (self->members, member, 0);                                  \
  }

COUNT_GETTER (mailbox_count, "mailboxCount")
COUNT_GETTER (device_count, "deviceCount")
COUNT_GETTER (log_count, "logCount")

/**
 * ac_investigation_get_entities:
 *
 * Returns: (transfer none) (element-type AcEvidence): what was looked at; may be empty.
 */
GPtrArray *
ac_investigation_get_entities (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), NULL);

  return self->entities;
}

/**
 * ac_investigation_get_alerts:
 *
 * Returns: (transfer none) (element-type AcAlert): may be empty.
 */
GPtrArray *
ac_investigation_get_alerts (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), NULL);

  return self->alerts;
}

/**
 * ac_investigation_get_log:
 *
 * Returns: (transfer none) (element-type AcLogEntry): of a request: the steps to be added.
 */
GPtrArray *
ac_investigation_get_log (AcInvestigation *self)
{
  g_return_val_if_fail (AC_IS_INVESTIGATION (self), NULL);

  return self->log;
}
