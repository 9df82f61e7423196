/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Investigations: detectors post them, again and again, with the actions they propose. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

static gboolean
is_threatening (AcInvestigation *request)
{
  GPtrArray *evidence = ac_investigation_get_evidence (request);

  for (guint i = 0; i < evidence->len; i++)
    switch (
        ac_vocabulary_parse (AC_VOCABULARY_VERDICT, ac_evidence_get_verdict (evidence->pdata[i])))
      {
      case AC_VERDICT_MALICIOUS:
      case AC_VERDICT_SUSPICIOUS:
        return TRUE;
      default:
        break;
      }
  return FALSE;
}

static char *
evidence_text (AcInvestigation *request)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  GPtrArray *evidence = ac_investigation_get_evidence (request);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < evidence->len; i++)
    json_array_add_object_element (array, ac_evidence_to_json (evidence->pdata[i]));
  json_node_take_array (node, array);
  return ac_store_json_text (node);
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
  return ac_store_search_fold (text->str);
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
                   "  reason, search, entity, file_hash, proposed_by) "
                   "VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   "ssssssssiiiissssss", id, ac_status_wire (row.status), proposal->type,
                   proposal->verdict, source, ac_entity_get_entity_type (proposal->entity),
                   ac_entity_get_summary (proposal->entity), proposal->assets[0], write->now,
                   write->now, expires_at, investigation, digest, proposal->reason, search,
                   entity_json, hash, row.source == AC_SOURCE_MANUAL ? write->actor->name : NULL))
    return FALSE;
  row.seq = ac_sql_last_id (write->sql);
  ac_write_count (write, &row, 1);
  ac_write_investigation_counts (write, investigation, 1, 1);
  return ac_sql_run (write->sql, error, "INSERT INTO action_search (rowid, text) VALUES (?, ?)",
                     "is", row.seq, search) &&
         insert_assets (write, row.seq, proposal->assets, error) &&
         (row.type != AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER ||
          ac_write_cluster_new (write, row.seq, proposal->entity,
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

static gboolean
insert_investigation (AcWrite *write, AcInvestigation *request, gint64 *seq, GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *evidence = evidence_text (request);
  gboolean threatening = is_threatening (request);
  const char *status =
      ac_vocabulary_wire (AC_VOCABULARY_INVESTIGATION_STATUS,
                          (int)ac_store_investigation_status (
                              ac_investigation_get_proposals (request)->len,
                              ac_investigation_get_proposals (request)->len, threatening));

  if (!ac_sql_run (write->sql, error,
                   "INSERT INTO investigations (id, version, external_id, title, description, "
                   "  started_by, detection_source, severity, status, evidence, threatening, "
                   "  action_count, pending_count, created_at, updated_at) "
                   "VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)",
                   "sssssssssiii", id, ac_investigation_get_external_id (request),
                   ac_investigation_get_title (request), ac_investigation_get_description (request),
                   ac_investigation_get_trigger (request),
                   ac_investigation_get_detection_source (request),
                   ac_investigation_get_severity (request), status, evidence, (gint64)threatening,
                   write->now, write->now))
    return FALSE;
  *seq = ac_sql_last_id (write->sql);
  return ac_write_audit (write,
                         &(AcAuditRow){ .event = "create",
                                        .kind = "investigation",
                                        .id = id,
                                        .version = 1,
                                        .after = status,
                                        .comment = ac_investigation_get_title (request) },
                         error) &&
         ac_write_change (write, "investigation", *seq, 1, error);
}

/* What the request does not speak of stays as it is. */
static gboolean
update_investigation (AcWrite *write, gint64 seq, AcInvestigation *request, GError **error)
{
  g_autoptr (JsonObject) members = ac_investigation_to_json (request);
  gboolean has_evidence = json_object_has_member (members, "evidence");
  g_autofree char *evidence = has_evidence ? evidence_text (request) : NULL;
  g_autofree char *id = NULL;
  gint64 version;

  if (!ac_sql_run (
          write->sql, error,
          "UPDATE investigations SET version = version + 1, updated_at = ?1, title = ?2, "
          "  description = coalesce (?3, description), "
          "  started_by = coalesce (?4, started_by), "
          "  detection_source = coalesce (?5, detection_source), "
          "  severity = coalesce (?6, severity), evidence = coalesce (?7, evidence), "
          "  threatening = CASE WHEN ?7 IS NULL THEN threatening ELSE ?8 END "
          "WHERE seq = ?9 AND (title IS NOT ?2"
          "  OR coalesce (?3, description) IS NOT description"
          "  OR coalesce (?4, started_by) IS NOT started_by"
          "  OR coalesce (?5, detection_source) IS NOT detection_source"
          "  OR coalesce (?6, severity) IS NOT severity"
          "  OR coalesce (?7, evidence) IS NOT evidence)",
          "issssssii", write->now, ac_investigation_get_title (request),
          ac_investigation_get_description (request), ac_investigation_get_trigger (request),
          ac_investigation_get_detection_source (request), ac_investigation_get_severity (request),
          evidence, (gint64)is_threatening (request), seq))
    return FALSE;
  if (ac_sql_n_changed (write->sql) == 0)
    return TRUE;
  /* New evidence may make another status of it. */
  ac_write_investigation_counts (write, seq, 0, 0);
  {
    g_autoptr (AcSqlReset) query = ac_sql_query (
        write->sql, error, "SELECT id, version FROM investigations WHERE seq = ?", "i", seq);

    if (query == NULL || ac_sql_step (write->sql, query, error) != AC_SQL_ROW)
      return FALSE;
    id = g_strdup (ac_sql_text (query, 0));
    version = sqlite3_column_int64 (query, 1);
  }
  return ac_write_audit (write,
                         &(AcAuditRow){ .event = "update",
                                        .kind = "investigation",
                                        .id = id,
                                        .version = version,
                                        .comment = ac_investigation_get_title (request) },
                         error) &&
         ac_write_change (write, "investigation", seq, version, error);
}

/**
 * ac_store_put_investigation:
 * @request: of ac_investigation_new_from_request()
 * @default_lifetime: microseconds until a proposal without expiresAt expires
 * @created: (out) (optional): whether its externalId was not known
 *
 * Returns: (transfer full): the investigation as it is afterwards, or %NULL with
 * AC_STORE_ERROR_FAILED.
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
  g_autoptr (JsonObject) answer = NULL;
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
      !ac_write_sums (&write, error))
    return NULL;
  answer = ac_store_load_investigation (write.sql, seq, TRUE, error);
  if (answer == NULL || !ac_write_commit (&write, error))
    return NULL;
  if (created != NULL)
    *created = is_new;
  return g_steal_pointer (&answer);
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

/**
 * ac_store_load_investigation:
 * @seq: its row, which exists
 * @with_parts: whether evidence and actions are wanted; else how many there are
 *
 * Returns: (transfer full): the investigation as the API shows it, or %NULL.
 */
JsonObject *
ac_store_load_investigation (AcSql *sql, gint64 seq, gboolean with_parts, GError **error)
{
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error,
                    "SELECT id, version, external_id, title, description, started_by, "
                    "  detection_source, severity, status, created_at, updated_at, evidence, "
                    "  action_count, pending_count FROM investigations WHERE seq = ?",
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
  ac_json_set_time (object, "createdAt", ac_sql_time (query, 9));
  ac_json_set_time (object, "updatedAt", ac_sql_time (query, 10));
  if (!with_parts)
    {
      json_object_set_int_member (object, "actionCount", sqlite3_column_int64 (query, 12));
      json_object_set_int_member (object, "pendingCount", sqlite3_column_int64 (query, 13));
      return g_steal_pointer (&object);
    }
  ac_store_set_json (object, "evidence", ac_sql_text (query, 11));
  if (!load_actions (sql, seq, object, error))
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

/* Newest first. */
static JsonObject *
list_investigations (AcStore *self,
                     AcSql *sql,
                     guint limit,
                     const char *cursor_text,
                     GError **error)
{
  g_autoptr (JsonObject) page = json_object_new ();
  g_autoptr (AcCursor) cursor = NULL;
  g_autoptr (AcSqlReset) query = NULL;
  JsonArray *items = json_array_new ();
  AcCursor next = { .query = (char *)"investigations", .made_at = ac_time_now () };
  g_autofree char *last_id = NULL;
  gint64 total;
  AcSqlStep step;

  json_object_set_array_member (page, "items", items);
  if (cursor_text != NULL)
    {
      cursor = ac_store_parse_cursor (self, cursor_text, next.query, error);
      if (cursor == NULL)
        return NULL;
    }
  if (!ac_sql_get_integer (sql, &total, 0, error, "SELECT count (*) FROM investigations", ""))
    return NULL;
  json_object_set_int_member (page, "total", total);

  limit = limit == 0 ? AC_STORE_PAGE_DEFAULT : MIN (limit, AC_STORE_PAGE_MAX);
  query = ac_sql_query (sql, error,
                        "SELECT seq, created_at, id FROM investigations "
                        "WHERE (created_at, id) < (?, ?) "
                        "ORDER BY created_at DESC, id DESC LIMIT ?",
                        "isi", cursor != NULL ? cursor->number : G_MAXINT64,
                        cursor != NULL ? cursor->id : "", (gint64)limit + 1);
  if (query == NULL)
    return NULL;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      JsonObject *item;

      if (json_array_get_length (items) == limit)
        {
          g_autofree char *text = NULL;

          next.id = last_id;
          text = ac_store_format_cursor (self, &next);
          ac_json_set_string (page, "nextCursor", text);
          break;
        }
      item = ac_store_load_investigation (sql, sqlite3_column_int64 (query, 0), FALSE, error);
      if (item == NULL)
        return NULL;
      json_array_add_object_element (items, item);
      next.number = sqlite3_column_int64 (query, 1);
      g_free (last_id);
      last_id = g_strdup (ac_sql_text (query, 2));
    }
  if (step == AC_SQL_ERROR)
    return NULL;
  return g_steal_pointer (&page);
}

/**
 * ac_store_list_investigations:
 * @limit: at most this many; 0 for the default
 * @cursor: (nullable): where the last page ended
 *
 * Returns: (transfer full): the answer of GET /investigations, newest first; or %NULL with
 * AC_STORE_ERROR_BAD_CURSOR, AC_STORE_ERROR_CURSOR_EXPIRED or AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_list_investigations (AcStore *self, guint limit, const char *cursor, GError **error)
{
  JsonObject *page;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  page = list_investigations (self, sql, limit, cursor, error);
  ac_store_end_read (self, sql);
  return page;
}
