/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-action.h"
#include "model/ac-cluster.h"
#include "model/ac-investigation.h"
#include "model/ac-time.h"

struct _AcInvestigation
{
  GObject parent_instance;

  JsonObject *members;  /* as they came, checked; never changed */
  GPtrArray *evidence;  /* of AcEvidence */
  GPtrArray *actions;   /* of AcAction; of an answer */
  GPtrArray *proposals; /* of AcProposal; of a request */
};

G_DEFINE_FINAL_TYPE (AcInvestigation, ac_investigation, G_TYPE_OBJECT)

static const AcJsonMember request_members[] = {
  { "externalId", AC_JSON_TEXT, TRUE },         { "title", AC_JSON_TEXT, TRUE },
  { "description", AC_JSON_STRING, FALSE },     { "trigger", AC_JSON_STRING, FALSE },
  { "detectionSource", AC_JSON_STRING, FALSE }, { "severity", AC_JSON_STRING, FALSE },
  { "evidence", AC_JSON_ARRAY, FALSE },         { "actions", AC_JSON_ARRAY, FALSE },
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

static gboolean
read_evidence (AcInvestigation *self, JsonArray *array, AcJsonMode mode, GError **error)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("evidence[%u]", i);
      JsonObject *element = ac_json_element_object (array, i, "evidence", error);
      AcEvidence *evidence;

      if (element == NULL)
        return FALSE;
      evidence = ac_evidence_new_from_json (element, mode, path, error);
      if (evidence == NULL)
        return FALSE;
      g_ptr_array_add (self->evidence, evidence);
    }
  return TRUE;
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
  if (!read_evidence (self, ac_json_get_array (object, "evidence"), AC_JSON_STRICT, error) ||
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
  if (!read_evidence (self, ac_json_get_array (object, "evidence"), mode, error) ||
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
