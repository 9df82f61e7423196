/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports of people about what was judged wrongly, what they let through because of it, and what an
 * administrator has said to them. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store/ac-store-private.h"

#define COLUMNS                                                                                    \
  "seq, id, version, entity, mailbox, action, assessment, category, comment, entry, "              \
  "entry_expires_at, block_action, submitted_by, created_at, updated_at, state, result_by, "       \
  "result_at, result_comment, digest"
#define DIGEST 19

static const char *
state_wire (AcSubmissionState state)
{
  return ac_vocabulary_wire (AC_VOCABULARY_SUBMISSION_STATE, (int)state);
}

/* A second request with this digest is the same request. */
static char *
request_digest (AcSubmission *request)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_take_object (node, ac_submission_to_json (request));
  text = ac_json_canonical (node);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

static JsonObject *
read_row (sqlite3_stmt *query)
{
  JsonObject *object = json_object_new ();

  ac_json_set_string (object, "id", ac_sql_text (query, 1));
  json_object_set_int_member (object, "version", sqlite3_column_int64 (query, 2));
  ac_store_set_json (object, "entity", ac_sql_text (query, 3));
  ac_json_set_string (object, "mailbox", ac_sql_text (query, 4));
  ac_json_set_string (object, "actionId", ac_sql_text (query, 5));
  ac_json_set_string (object, "assessment", ac_sql_text (query, 6));
  ac_json_set_string (object, "category", ac_sql_text (query, 7));
  ac_json_set_string (object, "comment", ac_sql_text (query, 8));
  ac_json_set_string (object, "entry", ac_sql_text (query, 9));
  ac_json_set_time (object, "entryExpiresAt", ac_sql_time (query, 10));
  ac_json_set_string (object, "blockActionId", ac_sql_text (query, 11));
  ac_json_set_string (object, "submittedBy", ac_sql_text (query, 12));
  ac_json_set_time (object, "createdAt", ac_sql_time (query, 13));
  ac_json_set_time (object, "updatedAt", ac_sql_time (query, 14));
  ac_json_set_string (object, "state", ac_sql_text (query, 15));
  ac_json_set_string (object, "resultBy", ac_sql_text (query, 16));
  ac_json_set_time (object, "resultAt", ac_sql_time (query, 17));
  ac_json_set_string (object, "resultComment", ac_sql_text (query, 18));
  return object;
}

/* *object is NULL when the key is new. */
static gboolean
find_replay (AcSql *sql,
             const char *actor,
             const char *key,
             const char *digest,
             JsonObject **object,
             GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (
      sql, error, "SELECT " COLUMNS " FROM submissions WHERE submitted_by = ? AND key = ?", "ss",
      actor, key);

  *object = NULL;
  switch (query != NULL ? ac_sql_step (sql, query, error) : AC_SQL_ERROR)
    {
    case AC_SQL_DONE:
      return TRUE;
    case AC_SQL_ROW:
      if (strcmp (ac_sql_text (query, DIGEST), digest) == 0)
        {
          *object = read_row (query);
          return TRUE;
        }
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_KEY_REUSED,
                   "The Idempotency-Key “%s” was used before for another request. Send this one "
                   "with a new key.",
                   key);
      return FALSE;
    case AC_SQL_ERROR:
    default:
      return FALSE;
    }
}

static gboolean
check_action (AcSql *sql, const char *id, GError **error)
{
  gint64 n;

  if (id == NULL)
    return TRUE;
  if (!ac_sql_get_integer (sql, &n, 0, error, "SELECT 1 FROM actions WHERE id = ?", "s", id))
    return FALSE;
  if (n == 0)
    g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND, "There is no action “%s”.", id);
  return n != 0;
}

static char *
audit_words (AcSubmission *request)
{
  g_autoptr (GString) words = g_string_new (ac_submission_get_assessment (request));

  if (ac_submission_get_category (request) != NULL)
    g_string_append_printf (words, " (%s)", ac_submission_get_category (request));
  g_string_append_printf (words, ": %s",
                          ac_entity_get_summary (ac_submission_get_entity (request)));
  if (ac_submission_get_entry (request) != NULL)
    {
      g_autofree char *until = ac_submission_get_entry_expires_at (request) != AC_TIME_NONE
                                   ? ac_time_format (ac_submission_get_entry_expires_at (request))
                                   : NULL;

      g_string_append_printf (words, "; %s %s%s", ac_submission_get_entry (request),
                              until != NULL ? "until " : "for ever", until != NULL ? until : "");
    }
  return g_string_free (g_steal_pointer (&words), FALSE);
}

static gboolean
insert (AcWrite *write,
        AcSubmission *request,
        const char *id,
        const char *key,
        const char *digest,
        const char *entry_key,
        const char *block_action,
        GError **error)
{
  AcEntity *entity = ac_submission_get_entity (request);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *entity_json = NULL;
  g_autofree char *words = audit_words (request);
  gint64 seq;

  json_node_take_object (node, ac_entity_to_json (entity));
  entity_json = ac_store_json_text (node);
  if (!ac_sql_run (
          write->sql, error,
          "INSERT INTO submissions (id, version, submitted_by, key, digest, created_at, "
          "  updated_at, entity_type, entity, details, mailbox, action, assessment, category, "
          "  comment, entry, entry_key, entry_expires_at, block_action, state) "
          "VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          "ssssiissssssssss"
          "tss",
          id, write->actor->name, key, digest, write->now, write->now,
          ac_entity_get_entity_type (entity), entity_json, ac_entity_get_summary (entity),
          ac_submission_get_mailbox (request), ac_submission_get_action_id (request),
          ac_submission_get_assessment (request), ac_submission_get_category (request),
          ac_submission_get_comment (request), ac_submission_get_entry (request), entry_key,
          ac_submission_get_entry_expires_at (request), block_action,
          state_wire (AC_SUBMISSION_STATE_PENDING)))
    return FALSE;
  seq = ac_sql_last_id (write->sql);
  return ac_write_audit (write,
                         &(AcAuditRow){ .event = "submit",
                                        .kind = "submission",
                                        .id = id,
                                        .version = 1,
                                        .after = state_wire (AC_SUBMISSION_STATE_PENDING),
                                        .comment = words },
                         error) &&
         ac_write_change (write, "submission", seq, 1, error);
}

static JsonObject *
load (AcSql *sql, const char *id, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error, "SELECT " COLUMNS " FROM submissions WHERE id = ?", "s", id);

  switch (query != NULL ? ac_sql_step (sql, query, error) : AC_SQL_ERROR)
    {
    case AC_SQL_ROW:
      return read_row (query);
    case AC_SQL_DONE:
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_NOT_FOUND, "There is no submission “%s”.",
                   id);
      return NULL;
    case AC_SQL_ERROR:
    default:
      return NULL;
    }
}

/**
 * ac_store_find_submission:
 * @key: the Idempotency-Key of the request
 *
 * Returns: (transfer full): what the same request has made before, or %NULL: without an error when
 * the key is new, else with AC_STORE_ERROR_KEY_REUSED, AC_STORE_ERROR_NOT_FOUND for an action that
 * it names, or AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_find_submission (AcStore *self,
                          AcSubmission *request,
                          const char *key,
                          const AcActor *actor,
                          GError **error)
{
  g_autofree char *digest = NULL;
  JsonObject *object = NULL;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (AC_IS_SUBMISSION (request), NULL);

  digest = request_digest (request);
  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  if (find_replay (sql, actor->name, key, digest, &object, error) && object == NULL)
    check_action (sql, ac_submission_get_action_id (request), error);
  ac_store_end_read (self, sql);
  return object;
}

/**
 * ac_store_add_submission:
 * @request: of ac_submission_new_from_request()
 * @key: the Idempotency-Key of the request
 * @entry_key: (nullable): of an entry: the URL in its one spelling
 * @block_action: (nullable): of an entry that blocks: the id of the action that does it
 *
 * Returns: (transfer full): the submission as the API shows it; or %NULL with
 * AC_STORE_ERROR_KEY_REUSED, AC_STORE_ERROR_NOT_FOUND or AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_add_submission (AcStore *self,
                         AcSubmission *request,
                         const char *key,
                         const char *entry_key,
                         const char *block_action,
                         const AcActor *actor,
                         GError **error)
{
  g_auto (AcWrite) write = { 0 };
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *digest = NULL;
  g_autoptr (JsonObject) object = NULL;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (AC_IS_SUBMISSION (request), NULL);

  digest = request_digest (request);
  if (!ac_store_begin_write (self, &write, actor, error) ||
      !find_replay (write.sql, actor->name, key, digest, &object, error))
    return NULL;
  if (object != NULL)
    return g_steal_pointer (&object);
  if (!check_action (write.sql, ac_submission_get_action_id (request), error) ||
      !insert (&write, request, id, key, digest, entry_key, block_action, error))
    return NULL;
  object = load (write.sql, id, error);
  if (object == NULL || !ac_write_commit (&write, error))
    return NULL;
  return g_steal_pointer (&object);
}

/**
 * ac_store_judge_submission:
 * @state: agreed or disagreed
 * @comment: (nullable): why
 *
 * The same again changes nothing; another result than the one before takes its place, and both
 * stand in the audit log.
 *
 * Returns: (transfer full): the submission with its result, or %NULL with AC_STORE_ERROR_NOT_FOUND
 * or AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_judge_submission (AcStore *self,
                           const char *id,
                           const char *state,
                           const char *comment,
                           const AcActor *actor,
                           GError **error)
{
  g_auto (AcWrite) write = { 0 };
  g_autoptr (JsonObject) before = NULL;
  g_autoptr (JsonObject) after = NULL;
  gint64 version;
  gint64 seq;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (id != NULL && state != NULL, NULL);

  if (!ac_store_begin_write (self, &write, actor, error) ||
      (before = load (write.sql, id, error)) == NULL)
    return NULL;
  if (g_strcmp0 (ac_json_get_string (before, "state"), state) == 0 &&
      g_strcmp0 (ac_json_get_string (before, "resultBy"), actor->name) == 0 &&
      g_strcmp0 (ac_json_get_string (before, "resultComment"), comment) == 0)
    return g_steal_pointer (&before);
  if (!ac_sql_run (write.sql, error,
                   "UPDATE submissions SET version = version + 1, updated_at = ?1, state = ?2, "
                   "  result_by = ?3, result_at = ?1, result_comment = ?4 WHERE id = ?5",
                   "issss", write.now, state, actor->name, comment, id) ||
      (after = load (write.sql, id, error)) == NULL ||
      !ac_sql_get_integer (write.sql, &seq, 0, error, "SELECT seq FROM submissions WHERE id = ?",
                           "s", id))
    return NULL;
  version = ac_json_get_integer (after, "version", 0);
  if (!ac_write_audit (&write,
                       &(AcAuditRow){ .event = "judge",
                                      .kind = "submission",
                                      .id = id,
                                      .version = version,
                                      .before = ac_json_get_string (before, "state"),
                                      .after = state,
                                      .comment = comment },
                       error) ||
      !ac_write_change (&write, "submission", seq, version, error) ||
      !ac_write_commit (&write, error))
    return NULL;
  return g_steal_pointer (&after);
}

/**
 * ac_store_get_submission:
 *
 * Returns: (transfer full): the submission, or %NULL with AC_STORE_ERROR_NOT_FOUND or
 * AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_get_submission (AcStore *self, const char *id, GError **error)
{
  JsonObject *object;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  object = load (sql, id, error);
  ac_store_end_read (self, sql);
  return object;
}

static gboolean
any_of (const GStrv words, const char *word)
{
  return words == NULL || (word != NULL && g_strv_contains ((const char *const *)words, word));
}

/* The cursor belongs to these filters only. */
static char *
filter_digest (const AcSubmissionFilter *filter)
{
  const GStrv lists[] = { filter->states, filter->assessments, filter->action_ids };
  g_autoptr (GString) text = g_string_new ("submissions");

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_string_append_c (text, '|');
      for (char **word = lists[i]; word != NULL && *word != NULL; word++)
        g_string_append_printf (text, "%s\n", *word);
    }
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, -1);
}

/* Newest first. They are few beside the actions: the filters read each row once. */
static JsonObject *
list (AcStore *self,
      AcSql *sql,
      const AcSubmissionFilter *filter,
      guint limit,
      const char *cursor_text,
      GError **error)
{
  g_autoptr (JsonObject) page = json_object_new ();
  g_autofree char *digest = filter_digest (filter);
  g_autoptr (AcCursor) cursor = NULL;
  g_autoptr (AcSqlReset) query = NULL;
  JsonArray *items = json_array_new ();
  gint64 total = 0;
  gint64 last_at = 0;
  gboolean has_more = FALSE;
  AcSqlStep step;

  json_object_set_array_member (page, "items", items);
  if (cursor_text != NULL)
    {
      cursor = ac_store_parse_cursor (self, cursor_text, digest, error);
      if (cursor == NULL)
        return NULL;
    }
  limit = limit == 0 ? AC_STORE_PAGE_DEFAULT : MIN (limit, AC_STORE_PAGE_MAX);
  query = ac_sql_query (
      sql, error, "SELECT " COLUMNS " FROM submissions ORDER BY created_at DESC, id DESC", "");
  if (query == NULL)
    return NULL;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      gint64 at = ac_sql_time (query, 13);

      if (!any_of (filter->states, ac_sql_text (query, 15)) ||
          !any_of (filter->assessments, ac_sql_text (query, 6)) ||
          !any_of (filter->action_ids, ac_sql_text (query, 5)))
        continue;
      total++;
      if (cursor != NULL &&
          (at > cursor->number ||
           (at == cursor->number && strcmp (ac_sql_text (query, 1), cursor->id) >= 0)))
        continue;
      if (json_array_get_length (items) == limit)
        {
          has_more = TRUE;
          continue;
        }
      json_array_add_object_element (items, read_row (query));
      last_at = at;
    }
  if (step == AC_SQL_ERROR)
    return NULL;
  json_object_set_int_member (page, "total", total);
  if (has_more)
    {
      JsonObject *last = json_array_get_object_element (items, json_array_get_length (items) - 1);
      AcCursor next = { .query = digest,
                        .made_at = ac_time_now (),
                        .id = (char *)ac_json_get_string (last, "id"),
                        .number = last_at };
      g_autofree char *text = ac_store_format_cursor (self, &next);

      ac_json_set_string (page, "nextCursor", text);
    }
  return g_steal_pointer (&page);
}

/**
 * ac_store_list_submissions:
 * @limit: at most so many; 0 for the default
 * @cursor: (nullable): where the last page ended
 *
 * Returns: (transfer full): the answer of GET /submissions, newest first; or %NULL with
 * AC_STORE_ERROR_BAD_CURSOR, AC_STORE_ERROR_CURSOR_EXPIRED or AC_STORE_ERROR_FAILED.
 */
JsonObject *
ac_store_list_submissions (AcStore *self,
                           const AcSubmissionFilter *filter,
                           guint limit,
                           const char *cursor,
                           GError **error)
{
  JsonObject *page;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), NULL);
  g_return_val_if_fail (filter != NULL, NULL);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return NULL;
  page = list (self, sql, filter, limit, cursor, error);
  ac_store_end_read (self, sql);
  return page;
}

/**
 * ac_store_find_allow_entry:
 * @entry_key: a URL in its one spelling
 * @words: (out) (transfer full) (nullable): who allows it until when; %NULL: nobody
 *
 * Returns: whether the database could be read.
 */
gboolean
ac_store_find_allow_entry (AcStore *self, const char *entry_key, char **words, GError **error)
{
  AcSqlStep step = AC_SQL_ERROR;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  *words = NULL;
  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return FALSE;
  {
    g_autoptr (AcSqlReset) query =
        ac_sql_query (sql, error,
                      "SELECT submitted_by, entry_expires_at FROM submissions "
                      "WHERE entry = 'allow' AND entry_key = ? AND entry_expires_at > ? "
                      "AND state <> 'disagreed' ORDER BY entry_expires_at DESC LIMIT 1",
                      "si", entry_key, ac_time_now ());

    if (query != NULL)
      step = ac_sql_step (sql, query, error);
    if (step == AC_SQL_ROW)
      {
        g_autofree char *until = ac_time_format (ac_sql_time (query, 1));

        *words =
            g_strdup_printf ("%s has allowed this URL until %s", ac_sql_text (query, 0), until);
      }
  }
  ac_store_end_read (self, sql);
  return step != AC_SQL_ERROR;
}
