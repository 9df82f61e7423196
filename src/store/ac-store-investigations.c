/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Investigations: detectors post them, again and again, with the actions they propose. */
#include "config.h"

#include <string.h>

#include "model/ac-cluster.h"
#include "model/ac-investigation-state.h"
#include "model/ac-search-text.h"
#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

static gint64
count_threats (AcInvestigation *request)
{
  GPtrArray *evidence = ac_investigation_get_evidence (request);
  gint64 n = 0;

  for (guint i = 0; i < evidence->len; i++)
    if (ac_evidence_is_threat (evidence->pdata[i]))
      n++;
  return n;
}

/* NULL when the request does not speak of it. */
static char *
part_text (AcInvestigation *request, const char *name)
{
  g_autoptr (JsonObject) members = ac_investigation_to_json (request);
  JsonNode *node = json_object_get_member (members, name);

  return node != NULL ? ac_store_json_text (node) : NULL;
}

static void
add_words (GString *text, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autoptr (GList) values = json_object_get_values (json_node_get_object (node));

      for (GList *value = values; value != NULL; value = value->next)
        add_words (text, value->data);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        add_words (text, json_array_get_element (array, i));
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    g_string_append_printf (text, "\n%s", json_node_get_string (node));
}

/* The text that q is looked up in: id, assets and all words of the entity, of which the details are
 * one. The line ends keep a word from being found across two members. */
static char *
search_text (const char *id, const AcProposal *proposal)
{
  g_autoptr (GString) text = g_string_new (id);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  for (char **asset = proposal->assets; *asset != NULL; asset++)
    g_string_append_printf (text, "\n%s", *asset);
  json_node_take_object (node, ac_entity_to_json (proposal->entity));
  add_words (text, node);
  return ac_search_text_fold (text->str);
}

static gboolean
insert_assets (AcWrite *write, gint64 action, const GStrv assets, GError **error)
{
  for (guint i = 0; assets[i] != NULL; i++)
    if (!ac_sql_run (write->sql, error,
                     "INSERT INTO action_assets (action, position, asset) VALUES (?, ?, ?)", "iis",
                     action, (gint64)i, assets[i]))
      return FALSE;
  return TRUE;
}

static gboolean
add_asset (AcWrite *write,
           gint64 investigation,
           const char *kind,
           const char *asset,
           GError **error)
{
  return ac_sql_run (write->sql, error,
                     "INSERT OR IGNORE INTO investigation_assets VALUES (?, ?, ?)", "iss",
                     investigation, kind, asset);
}

static gboolean
add_action_assets (AcWrite *write, gint64 investigation, const AcProposal *proposal, GError **error)
{
  const char *kind = "mailbox";

  switch (ac_action_type_parse (proposal->type))
    {
    case AC_ACTION_TYPE_BLOCK_URL:
      return TRUE; /* the point of enforcement is not what the investigation is about */
    case AC_ACTION_TYPE_QUARANTINE_FILE:
      kind = "device";
      break;
    default:
      break;
    }
  for (guint i = 0; proposal->assets[i] != NULL; i++)
    if (strcmp (proposal->assets[i], AC_CLUSTER_ALL_MAILBOXES) != 0 &&
        !add_asset (write, investigation, kind, proposal->assets[i], error))
      return FALSE;
  return TRUE;
}

/* NULL for what is no file. */
static char *
file_hash (const AcProposal *proposal)
{
  const char *hash = ac_entity_get_string (proposal->entity, "sha256");

  if (ac_entity_type_parse (ac_entity_get_entity_type (proposal->entity)) != AC_ENTITY_TYPE_FILE ||
      hash == NULL)
    return NULL;
  return g_ascii_strdown (hash, -1);
}

static gboolean
insert_action (AcWrite *write,
               gint64 investigation,
               const AcProposal *proposal,
               const char *digest,
               gint64 default_lifetime,
               GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *search = search_text (id, proposal);
  g_autofree char *hash = file_hash (proposal);
  g_autoptr (JsonObject) entity = ac_entity_to_json (proposal->entity);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), entity);
  g_autofree char *entity_json = ac_store_json_text (node);
  const char *source = proposal->source != NULL
                           ? proposal->source
                           : ac_vocabulary_wire (AC_VOCABULARY_SOURCE, AC_SOURCE_AUTOMATED_EMAIL);
  gint64 expires_at =
      proposal->expires_at != AC_TIME_NONE ? proposal->expires_at : write->now + default_lifetime;
  AcActionRow row = {
    .status = AC_STATUS_PENDING,
    .type = ac_action_type_parse (proposal->type),
    .verdict = (AcVerdict)ac_vocabulary_parse (AC_VOCABULARY_VERDICT, proposal->verdict),
    .source = (AcSource)ac_vocabulary_parse (AC_VOCABULARY_SOURCE, source),
    .entity_type = ac_entity_type_parse (ac_entity_get_entity_type (proposal->entity)),
    .decided_by = (char *)"",
  };

  if (!ac_sql_run (write->sql, error,
                   "INSERT INTO actions (id, version, status, type, verdict, source, entity_type, "
                   "  details, asset, created_at, updated_at, expires_at, investigation, digest, "
                   "  file_hash, proposed_by) "
                   "VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   "ssssssssiiiisss", id, ac_status_wire (row.status), proposal->type,
                   proposal->verdict, source, ac_entity_get_entity_type (proposal->entity),
                   ac_entity_get_summary (proposal->entity), proposal->assets[0], write->now,
                   write->now, expires_at, investigation, digest, hash,
                   row.source == AC_SOURCE_MANUAL ? write->actor->name : NULL))
    return FALSE;
  row.seq = ac_sql_last_id (write->sql);
  ac_write_count (write, &row, 1);
  ac_write_investigation_counts (write, investigation, AC_STATUS_UNKNOWN, row.status);
  return ac_sql_run (write->sql, error, "INSERT INTO action_texts VALUES (?, ?, ?, ?)", "isss",
                     row.seq, proposal->reason, search, entity_json) &&
         ac_sql_run (write->sql, error, "INSERT INTO action_search (rowid, text) VALUES (?, ?)",
                     "is", row.seq, search) &&
         insert_assets (write, row.seq, proposal->assets, error) &&
         add_action_assets (write, investigation, proposal, error) &&
         (!ac_store_looks_for_targets (row.type) ||
          ac_write_cluster_new (write, &row, proposal->entity,
                                (const char *const *)proposal->assets, error)) &&
         ac_write_audit (write,
                         &(AcAuditRow){ .event = "propose",
                                        .kind = "action",
                                        .id = id,
                                        .version = 1,
                                        .action = row.seq,
                                        .after = ac_status_wire (row.status),
                                        .comment = proposal->reason },
                         error) &&
         ac_write_change (write, "action", row.seq, 1, error);
}

static gboolean
add_proposals (AcWrite *write,
               gint64 investigation,
               AcInvestigation *request,
               gint64 default_lifetime,
               GError **error)
{
  GPtrArray *proposals = ac_investigation_get_proposals (request);

  for (guint i = 0; i < proposals->len; i++)
    {
      g_autofree char *digest = ac_proposal_digest (proposals->pdata[i]);
      gint64 known;

      if (!ac_sql_get_integer (write->sql, &known, 0, error,
                               "SELECT seq FROM actions WHERE investigation = ?1 AND digest = ?2 "
                               "UNION ALL SELECT seq FROM removed_actions "
                               "WHERE investigation = ?1 AND digest = ?2",
                               "is", investigation, digest))
        return FALSE;
      if (known == 0 && !insert_action (write, investigation, proposals->pdata[i], digest,
                                        default_lifetime, error))
        return FALSE;
    }
  return TRUE;
}

/* The text that q is looked up in. What an update does not speak of is looked up no more; the
 * title, of which every post speaks, always is. */
static char *
investigation_search_text (const char *id, AcInvestigation *request)
{
  static const char *const parts[] = { "title", "description", "evidence", "entities", "alerts" };
  g_autoptr (GString) text = g_string_new (id);
  g_autoptr (JsonObject) members = ac_investigation_to_json (request);

  g_string_append_printf (text, "\n%s", ac_investigation_get_external_id (request));
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      JsonNode *node = json_object_get_member (members, parts[i]);

      if (node != NULL)
        add_words (text, node);
    }
  return ac_search_text_fold (text->str);
}

/* The mailboxes and devices of what was found and looked at. Those of actions come with the
 * actions. */
static gboolean
add_evidence_assets (AcWrite *write, gint64 investigation, GPtrArray *evidence, GError **error)
{
  for (guint i = 0; i < evidence->len; i++)
    {
      AcEntity *entity = ac_evidence_get_entity (evidence->pdata[i]);
      const char *const *assets = ac_evidence_get_assets (evidence->pdata[i]);

      switch (ac_entity_type_parse (ac_entity_get_entity_type (entity)))
        {
        case AC_ENTITY_TYPE_MAILBOX:
          if (!add_asset (write, investigation, "mailbox", ac_entity_get_string (entity, "address"),
                          error))
            return FALSE;
          break;
        case AC_ENTITY_TYPE_DEVICE:
          if (!add_asset (write, investigation, "device", ac_entity_get_string (entity, "name"),
                          error))
            return FALSE;
          break;
        default:
          break;
        }
      for (guint k = 0; assets[k] != NULL; k++)
        if (!add_asset (write, investigation,
                        strchr (assets[k], '@') != NULL ? "mailbox" : "device", assets[k], error))
          return FALSE;
    }
  return TRUE;
}

/* Evidence is replaced as a whole, and with it the threats. */
static gboolean
put_threats (AcWrite *write, gint64 investigation, GPtrArray *evidence, GError **error)
{
  if (!ac_sql_run (write->sql, error, "DELETE FROM investigation_threats WHERE investigation = ?",
                   "i", investigation))
    return FALSE;
  for (guint i = 0; i < evidence->len; i++)
    {
      g_auto (GStrv) threats = ac_evidence_dup_threats (evidence->pdata[i]);

      for (guint k = 0; threats[k] != NULL; k++)
        if (!ac_sql_run (write->sql, error,
                         "INSERT OR IGNORE INTO investigation_threats (investigation, threat) "
                         "VALUES (?, ?)",
                         "is", investigation, threats[k]))
          return FALSE;
    }
  return TRUE;
}

static gboolean
put_parts (AcWrite *write, gint64 seq, AcInvestigation *request, GError **error)
{
  GPtrArray *evidence = ac_investigation_get_evidence (request);

  return put_threats (write, seq, evidence, error) &&
         add_evidence_assets (write, seq, evidence, error) &&
         add_evidence_assets (write, seq, ac_investigation_get_entities (request), error);
}

static gboolean
insert_investigation (AcWrite *write, AcInvestigation *request, gint64 *seq, GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *evidence = part_text (request, "evidence");
  g_autofree char *entities = part_text (request, "entities");
  g_autofree char *alerts = part_text (request, "alerts");
  g_autofree char *search = investigation_search_text (id, request);
  gint64 n_actions = ac_investigation_get_proposals (request)->len;
  gint64 threats = count_threats (request);
  AcInvestigationSums sums = { .state = ac_investigation_get_state (request),
                               .n_actions = n_actions,
                               .n_pending = n_actions,
                               .threatening = threats > 0 };
  const char *status = ac_vocabulary_wire (AC_VOCABULARY_INVESTIGATION_STATUS,
                                           (int)ac_investigation_derive_status (&sums));

  if (!ac_sql_run (
          write->sql, error,
          "INSERT INTO investigations (id, version, external_id, title, description, "
          "  started_by, detection_source, severity, state, status, evidence, threatening, "
          "  entities, alerts, search, action_count, pending_count, created_at, updated_at) "
          "VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, coalesce (?, '[]'), ?, "
          "  coalesce (?, '[]'), coalesce (?, '[]'), ?, 0, 0, ?, ?)",
          "ssssssssssisssii", id, ac_investigation_get_external_id (request),
          ac_investigation_get_title (request), ac_investigation_get_description (request),
          ac_investigation_get_trigger (request), ac_investigation_get_detection_source (request),
          ac_investigation_get_severity (request), sums.state, status, evidence, threats, entities,
          alerts, search, write->now, write->now))
    return FALSE;
  *seq = ac_sql_last_id (write->sql);
  /* When it waits and when it has ended follow from the sums. */
  ac_write_investigation_counts (write, *seq, AC_STATUS_UNKNOWN, AC_STATUS_UNKNOWN);
  return put_parts (write, *seq, request, error) &&
         ac_write_audit (write,
                         &(AcAuditRow){ .event = "create",
                                        .kind = "investigation",
                                        .id = id,
                                        .version = 1,
                                        .after = status,
                                        .comment = ac_investigation_get_title (request) },
                         error) &&
         ac_write_change (write, "investigation", *seq, 1, error);
}

/* Each action of an investigation tells its title. */
static gboolean
touch_actions (AcWrite *write, gint64 investigation, GError **error)
{
  return ac_sql_run (write->sql, error,
                     "UPDATE actions SET version = version + 1 WHERE investigation = ?", "i",
                     investigation) &&
         ac_sql_run (write->sql, error,
                     "INSERT INTO changes (kind, target, version, at) "
                     "SELECT 'action', seq, version, ?1 FROM actions WHERE investigation = ?2 "
                     "ORDER BY seq",
                     "ii", write->now, investigation);
}

/* What the request does not speak of stays as it is. */
static gboolean
update_investigation (AcWrite *write, gint64 seq, AcInvestigation *request, GError **error)
{
  g_autofree char *evidence = part_text (request, "evidence");
  g_autofree char *entities = part_text (request, "entities");
  g_autofree char *alerts = part_text (request, "alerts");
  g_autofree char *search = NULL;
  g_autofree char *id = NULL;
  gint64 has_new_title;
  gint64 version;

  if (!ac_sql_get_integer (write->sql, &has_new_title, 0, error,
                           "SELECT title IS NOT ? FROM investigations WHERE seq = ?", "si",
                           ac_investigation_get_title (request), seq) ||
      !ac_sql_run (write->sql, error,
                   "UPDATE investigations SET version = version + 1, updated_at = ?1, title = ?2, "
                   "  description = coalesce (?3, description), "
                   "  started_by = coalesce (?4, started_by), "
                   "  detection_source = coalesce (?5, detection_source), "
                   "  severity = coalesce (?6, severity), evidence = coalesce (?7, evidence), "
                   "  threatening = CASE WHEN ?7 IS NULL THEN threatening ELSE ?8 END, "
                   "  state = coalesce (?10, state), entities = coalesce (?11, entities), "
                   "  alerts = coalesce (?12, alerts) "
                   "WHERE seq = ?9 AND (title IS NOT ?2"
                   "  OR coalesce (?3, description) IS NOT description"
                   "  OR coalesce (?4, started_by) IS NOT started_by"
                   "  OR coalesce (?5, detection_source) IS NOT detection_source"
                   "  OR coalesce (?6, severity) IS NOT severity"
                   "  OR coalesce (?7, evidence) IS NOT evidence"
                   "  OR coalesce (?10, state) IS NOT state"
                   "  OR coalesce (?11, entities) IS NOT entities"
                   "  OR coalesce (?12, alerts) IS NOT alerts)",
                   "issssssiisss", write->now, ac_investigation_get_title (request),
                   ac_investigation_get_description (request),
                   ac_investigation_get_trigger (request),
                   ac_investigation_get_detection_source (request),
                   ac_investigation_get_severity (request), evidence, count_threats (request), seq,
                   ac_investigation_get_state (request), entities, alerts))
    return FALSE;
  if (ac_sql_n_changed (write->sql) == 0)
    return TRUE;
  /* New evidence, or what the detector says, may make another status of it. */
  ac_write_investigation_counts (write, seq, AC_STATUS_UNKNOWN, AC_STATUS_UNKNOWN);
  {
    g_autoptr (AcSqlReset) query = ac_sql_query (
        write->sql, error, "SELECT id, version FROM investigations WHERE seq = ?", "i", seq);

    if (query == NULL || ac_sql_step (write->sql, query, error) != AC_SQL_ROW)
      return FALSE;
    id = g_strdup (ac_sql_text (query, 0));
    version = sqlite3_column_int64 (query, 1);
  }
  search = investigation_search_text (id, request);
  return ac_sql_run (write->sql, error, "UPDATE investigations SET search = ? WHERE seq = ?", "si",
                     search, seq) &&
         (evidence == NULL ||
          put_threats (write, seq, ac_investigation_get_evidence (request), error)) &&
         add_evidence_assets (write, seq, ac_investigation_get_evidence (request), error) &&
         add_evidence_assets (write, seq, ac_investigation_get_entities (request), error) &&
         ac_write_audit (write,
                         &(AcAuditRow){ .event = "update",
                                        .kind = "investigation",
                                        .id = id,
                                        .version = version,
                                        .comment = ac_investigation_get_title (request) },
                         error) &&
         ac_write_change (write, "investigation", seq, version, error) &&
         (has_new_title == 0 || touch_actions (write, seq, error));
}

/* A large one takes long to read, so no decision waits for it. */
static JsonObject *
read_answer (AcStore *self, gint64 seq, GError **error)
{
  AcSql *sql = ac_store_begin_read (self, error);
  JsonObject *answer;

  if (sql == NULL)
    return NULL;
  answer = ac_store_load_investigation (sql, seq, TRUE, error);
  ac_store_end_read (self, sql);
  return answer;
}

/**
 * ac_store_put_investigation:
 * @request: of ac_investigation_new_from_request()
 * @default_lifetime: microseconds until a proposal without expiresAt expires
 * @created: (out) (optional): whether its externalId was not known
 *
 * Returns: (transfer full): the investigation as it is afterwards, or %NULL with
 * AC_STORE_ERROR_FAILED; then it may be on disk all the same, and may be put again.
 */
JsonObject *
ac_store_put_investigation (AcStore *self,
                            AcInvestigation *request,
                            const AcActor *actor,
                            gint64 default_lifetime,
                            gboolean *created,
                            GError **error)
{
  g_auto (AcWrite) write = { 0 };
  gint64 seq;
  gboolean is_new;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (AC_IS_INVESTIGATION (request), NULL);
  g_return_val_if_fail (actor != NULL && actor->name != NULL, NULL);

  if (!ac_store_begin_write (self, &write, actor, error) ||
      !ac_sql_get_integer (write.sql, &seq, 0, error,
                           "SELECT seq FROM investigations WHERE external_id = ?", "s",
                           ac_investigation_get_external_id (request)))
    return NULL;
  is_new = seq == 0;
  if (is_new ? !insert_investigation (&write, request, &seq, error)
             : !update_investigation (&write, seq, request, error))
    return NULL;
  if (!add_proposals (&write, seq, request, default_lifetime, error) ||
      !ac_write_investigation_log (&write, seq, request, error) || !ac_write_commit (&write, error))
    return NULL;
  if (created != NULL)
    *created = is_new;
  return read_answer (self, seq, error);
}

static gboolean
load_actions (AcSql *sql, gint64 investigation, JsonObject *object, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error, "SELECT seq FROM actions WHERE investigation = ? ORDER BY seq", "i",
                    investigation);
  JsonArray *actions = json_array_new ();
  AcSqlStep step = AC_SQL_ERROR;

  json_object_set_array_member (object, "actions", actions);
  if (query == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      JsonObject *action =
          ac_store_load_action (sql, sqlite3_column_int64 (query, 0), FALSE, error);

      if (action == NULL)
        return FALSE;
      json_array_add_object_element (actions, action);
    }
  return step == AC_SQL_DONE;
}

/* The mailboxes or devices, at most so many, and how many there are. */
static gboolean
add_assets_of_kind (AcSql *sql,
                    gint64 seq,
                    const char *kind,
                    gint64 limit,
                    JsonObject *object,
                    const char *name,
                    const char *count_name,
                    GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT asset FROM investigation_assets WHERE investigation = ? AND kind = ? "
                    "ORDER BY asset LIMIT ?",
                    "isi", seq, kind, limit);
  JsonArray *assets = json_array_new ();
  AcSqlStep step = AC_SQL_ERROR;
  gint64 n;

  json_object_set_array_member (object, name, assets);
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    json_array_add_string_element (assets, ac_sql_text (query, 0));
  if (step != AC_SQL_DONE)
    return FALSE;
  n = json_array_get_length (assets);
  if (n == limit && !ac_sql_get_integer (sql, &n, 0, error,
                                         "SELECT count (*) FROM investigation_assets "
                                         "WHERE investigation = ? AND kind = ?",
                                         "is", seq, kind))
    return FALSE;
  json_object_set_int_member (object, count_name, n);
  return TRUE;
}

static gboolean
add_threats (AcSql *sql, gint64 seq, JsonObject *object, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT threat FROM investigation_threats WHERE investigation = ? "
                    "ORDER BY threat",
                    "i", seq);
  JsonArray *threats = json_array_new ();
  AcSqlStep step = AC_SQL_ERROR;

  json_object_set_array_member (object, "threats", threats);
  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    json_array_add_string_element (threats, ac_sql_text (query, 0));
  return step == AC_SQL_DONE;
}

/* An alert is resolved when its investigation has come to a good end. One that was broken off
 * leaves its alerts to people. */
static void
add_alerts (JsonObject *object, const char *text)
{
  AcInvestigationStatus status = (AcInvestigationStatus)ac_vocabulary_parse (
      AC_VOCABULARY_INVESTIGATION_STATUS, ac_json_get_string (object, "status"));
  gboolean resolved = status == AC_INVESTIGATION_STATUS_REMEDIATED ||
                      status == AC_INVESTIGATION_STATUS_NO_THREATS_FOUND;
  JsonArray *alerts;

  ac_store_set_json (object, "alerts", text);
  alerts = ac_json_get_array (object, "alerts");
  for (guint i = 0; alerts != NULL && i < json_array_get_length (alerts); i++)
    json_object_set_string_member (json_array_get_object_element (alerts, i), "status",
                                   resolved ? "resolved" : "active");
}

static gboolean
add_parts (AcSql *sql, gint64 seq, JsonObject *object, sqlite3_stmt *query, GError **error)
{
  gint64 n_log;

  ac_store_set_json (object, "evidence", ac_sql_text (query, 11));
  ac_store_set_json (object, "entities", ac_sql_text (query, 19));
  add_alerts (object, ac_sql_text (query, 20));
  if (!ac_sql_get_integer (sql, &n_log, 0, error,
                           "SELECT (SELECT count (*) FROM investigation_log "
                           "  WHERE investigation = ?1) + "
                           "(SELECT count (*) FROM actions WHERE investigation = ?1)",
                           "i", seq))
    return FALSE;
  json_object_set_int_member (object, "logCount", n_log);
  return load_actions (sql, seq, object, error);
}

/* Enough to tell in a list whom it is about. */
#define FEW_ASSETS 3

/**
 * ac_store_load_investigation:
 * @seq: its row, which exists
 * @with_parts: whether evidence, actions and the like are wanted; else how many there are
 *
 * Returns: (transfer full): the investigation as the API shows it, or %NULL.
 */
JsonObject *
ac_store_load_investigation (AcSql *sql, gint64 seq, gboolean with_parts, GError **error)
{
  g_autoptr (JsonObject) object = NULL;
  gint64 limit = with_parts ? AC_STORE_PAGE_MAX : FEW_ASSETS;
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT id, version, external_id, title, description, started_by, "
                    "  detection_source, severity, status, created_at, updated_at, evidence, "
                    "  action_count, pending_count, state, threatening, pending_since, "
                    "  pending_total, ended_at, entities, alerts FROM investigations WHERE seq = ?",
                    "i", seq);

  if (query == NULL || ac_sql_step (sql, query, error) != AC_SQL_ROW)
    return NULL;
  object = json_object_new ();
  ac_json_set_string (object, "id", ac_sql_text (query, 0));
  json_object_set_int_member (object, "version", sqlite3_column_int64 (query, 1));
  ac_json_set_string (object, "externalId", ac_sql_text (query, 2));
  ac_json_set_string (object, "title", ac_sql_text (query, 3));
  ac_json_set_string (object, "description", ac_sql_text (query, 4));
  ac_json_set_string (object, "trigger", ac_sql_text (query, 5));
  ac_json_set_string (object, "detectionSource", ac_sql_text (query, 6));
  ac_json_set_string (object, "severity", ac_sql_text (query, 7));
  ac_json_set_string (object, "status", ac_sql_text (query, 8));
  ac_json_set_string (object, "state", ac_sql_text (query, 14));
  ac_json_set_time (object, "createdAt", ac_sql_time (query, 9));
  ac_json_set_time (object, "updatedAt", ac_sql_time (query, 10));
  ac_json_set_time (object, "endedAt", ac_sql_time (query, 18));
  ac_json_set_time (object, "pendingSince", ac_sql_time (query, 16));
  json_object_set_int_member (object, "pendingSeconds",
                              sqlite3_column_int64 (query, 17) / G_TIME_SPAN_SECOND);
  json_object_set_int_member (object, "actionCount", sqlite3_column_int64 (query, 12));
  json_object_set_int_member (object, "pendingCount", sqlite3_column_int64 (query, 13));
  json_object_set_int_member (object, "threatCount", sqlite3_column_int64 (query, 15));
  if (!add_threats (sql, seq, object, error) ||
      !add_assets_of_kind (sql, seq, "mailbox", limit, object, "mailboxes", "mailboxCount",
                           error) ||
      !add_assets_of_kind (sql, seq, "device", limit, object, "devices", "deviceCount", error) ||
      (with_parts && !add_parts (sql, seq, object, query, error)))
    return NULL;
  return g_steal_pointer (&object);
}

/**
 * ac_store_get_investigation:
 *
 * Returns: (transfer full): the investigation with evidence and actions, or %NULL with
 * AC_STORE_ERROR_NOT_FOUND or AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_get_investigation (AcStore *self, const char *id, GError **error)
{
  JsonObject *object = NULL;
  gint64 seq;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  if (ac_sql_get_integer (sql, &seq, 0, error, "SELECT seq FROM investigations WHERE id = ?", "s",
                          id))
    {
      if (seq != 0)
        object = ac_store_load_investigation (sql, seq, TRUE, error);
      else
        g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND,
                     "There is no investigation “%s”.", id);
    }
  ac_store_end_read (self, sql);
  return object;
}
