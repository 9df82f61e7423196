/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "model/ac-time.h"
#include "store-fixture.h"

const AcActor detector = { "detector", "127.0.0.1" };
const AcActor alice = { "alice", "127.0.0.1" };
const AcActor bob = { "bob", NULL };

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("ac-store-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "store.db", NULL);
  fixture->store = ac_store_open (fixture->path, &error);
  g_assert_no_error (error);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_assert_finalize_object (fixture->store);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

void
fixture_reopen (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_finalize_object (fixture->store);
  fixture->store = ac_store_open (fixture->path, &error);
  g_assert_no_error (error);
}

/* Takes @text. */
static JsonObject *
parse_answer (GBytes *text)
{
  g_autoptr (GBytes) bytes = text;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;

  if (text == NULL)
    return NULL;
  root = ac_json_parse (text, &error);
  g_assert_no_error (error);
  return json_node_dup_object (root);
}

JsonObject *
read_actions (AcStore *store, const AcActionFilter *filter, GError **error)
{
  return parse_answer (ac_store_list_actions (store, filter, error));
}

JsonObject *
read_changes (AcStore *store, const char *since, guint limit, GError **error)
{
  return parse_answer (ac_store_list_changes (store, since, limit, error));
}

JsonObject *
submit_operation (AcStore *store,
                  const AcOperationRequest *request,
                  const char *key,
                  const AcActor *actor,
                  gboolean *replayed,
                  AcProblem **problem,
                  GError **error)
{
  g_autofree char *id = NULL;
  JsonObject *operation = parse_answer (
      ac_store_submit_operation (store, request, key, actor, &id, replayed, problem, error));

  g_assert_cmpstr (operation != NULL ? ac_json_get_string (operation, "id") : NULL, ==, id);
  return operation;
}

JsonObject *
get_operation (AcStore *store, const char *id, GError **error)
{
  return parse_answer (ac_store_get_operation (store, id, TRUE, error));
}

JsonObject *
get_operation_counts (AcStore *store, const char *id, GError **error)
{
  return parse_answer (ac_store_get_operation (store, id, FALSE, error));
}

JsonObject *
post (AcStore *store, const char *text, gboolean *created)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GBytes) bytes = g_bytes_new_static (json, strlen (json));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = ac_json_parse (bytes, &error);
  g_autoptr (AcInvestigation) request = NULL;
  JsonObject *answer;

  g_assert_no_error (error);
  request = ac_investigation_new_from_request (json_node_get_object (root), &error);
  g_assert_no_error (error);
  answer = ac_store_put_investigation (store, request, &detector, G_TIME_SPAN_DAY, created, &error);
  g_assert_no_error (error);
  return answer;
}

char *
propose (AcStore *store, const char *external_id, guint n, const char *mailbox)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (JsonObject) answer = NULL;

  g_string_append_printf (text, "{'externalId':'%s','title':'Phish %s','actions':[", external_id,
                          external_id);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text,
                            "%s{'type':'softDeleteEmail','verdict':'malicious',"
                            "'entity':{'type':'emailMessage','messageId':'<%s-%u@x>',"
                            "'subject':'Message %u of %s'},'assets':['%s']}",
                            i > 0 ? "," : "", external_id, i, i, external_id, mailbox);
  g_string_append (text, "]}");
  answer = post (store, text->str, NULL);
  return g_strdup (ac_json_get_string (answer, "id"));
}

static GStrv
ids_of_array (JsonArray *actions)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (actions); i++)
    g_strv_builder_add (builder,
                        ac_json_get_string (json_array_get_object_element (actions, i), "id"));
  return g_strv_builder_end (builder);
}

GStrv
ids_with_status (AcStore *store, const char *status)
{
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) page = NULL;

  if (status != NULL)
    filter->statuses = g_strdupv ((char *[]){ (char *)status, NULL });
  filter->sort = AC_SORT_CREATED_AT;
  filter->descending = FALSE;
  filter->limit = 1000;
  page = read_actions (store, filter, &error);
  g_assert_no_error (error);
  return ids_of_array (ac_json_get_array (page, "items"));
}

GStrv
ids_of_investigation (AcStore *store, const char *investigation_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) investigation =
      ac_store_get_investigation (store, investigation_id, &error);

  g_assert_no_error (error);
  return ids_of_array (ac_json_get_array (investigation, "actions"));
}

char *
status_of (AcStore *store, const char *action_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) action = ac_store_get_action (store, action_id, &error);

  g_assert_no_error (error);
  return g_strdup (ac_json_get_string (action, "status"));
}

JsonObject *
decide (AcStore *store, AcDecision decision, const char *const *ids)
{
  g_autoptr (AcOperationRequest) request = ac_operation_request_new (decision, ids, NULL);
  g_autofree char *key = g_uuid_string_random ();
  g_autoptr (GError) error = NULL;
  gboolean replayed;
  JsonObject *operation = submit_operation (store, request, key, &alice, &replayed, NULL, &error);

  g_assert_no_error (error);
  g_assert_false (replayed);
  return operation;
}

JsonObject *
decide_one (AcStore *store, AcDecision decision, const char *id)
{
  const char *ids[] = { id, NULL };

  return decide (store, decision, ids);
}

void
finish (AcStore *store, GPtrArray *items, AcOutcome outcome)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < items->len; i++)
    {
      const AcWorkItem *item = items->pdata[i];

      g_ptr_array_add (results, ac_action_result_new (item->asset, ac_outcome_wire (outcome),
                                                      "In words.", ac_time_now ()));
    }
  ac_store_finish_work (store, items, results, &error);
  g_assert_no_error (error);
}

guint
work_off (AcStore *store, AcOutcome outcome)
{
  guint n = 0;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) items = ac_store_take_work (store, NULL, 200, &error);

      g_assert_no_error (error);
      if (items->len == 0)
        return n;
      n += items->len;
      finish (store, items, outcome);
    }
}

gint64
count_of (JsonObject *operation, const char *name)
{
  JsonObject *counts = ac_json_get_object (operation, "counts");

  g_assert_nonnull (counts);
  return ac_json_get_integer (counts, name, -1);
}

guint
length_of (JsonObject *object, const char *member)
{
  JsonArray *array = ac_json_get_array (object, member);

  g_assert_nonnull (array);
  return json_array_get_length (array);
}

gint64
look (Fixture *fixture, const char *sql)
{
  sqlite3_stmt *statement;
  sqlite3 *db;
  gint64 value;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  return value;
}

void
poke (Fixture *fixture, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static GMutex warnings_lock; /* guards the two below */
static GCond warned;
static GString *warnings; /* NULL: none are expected */
static GLogLevelFlags fatal_before;

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  gboolean kept = FALSE;

  g_mutex_lock (&warnings_lock);
  if (warnings != NULL && (level & G_LOG_LEVEL_WARNING) != 0)
    for (gsize i = 0; i < n_fields; i++)
      if (g_str_equal (fields[i].key, "MESSAGE"))
        {
          g_string_append_printf (warnings, "%s\n", (const char *)fields[i].value);
          g_cond_broadcast (&warned);
          kept = TRUE;
        }
  g_mutex_unlock (&warnings_lock);
  return kept ? G_LOG_WRITER_HANDLED : g_log_writer_default (level, fields, n_fields, data);
}

void
expect_warnings (void)
{
  static gsize set;

  /* A process may do this once. */
  if (g_once_init_enter (&set))
    {
      g_log_set_writer_func (write_log, NULL, NULL);
      g_once_init_leave (&set, 1);
    }
  g_mutex_lock (&warnings_lock);
  g_assert_null (warnings);
  warnings = g_string_new (NULL);
  g_mutex_unlock (&warnings_lock);
  fatal_before = g_log_set_always_fatal (G_LOG_FATAL_MASK);
}

void
wait_for_warning (const char *part)
{
  g_mutex_lock (&warnings_lock);
  while (strstr (warnings->str, part) == NULL)
    g_cond_wait (&warned, &warnings_lock);
  g_mutex_unlock (&warnings_lock);
}

char *
take_warnings (void)
{
  char *text;

  g_log_set_always_fatal (fatal_before);
  g_mutex_lock (&warnings_lock);
  text = g_string_free (g_steal_pointer (&warnings), FALSE);
  g_mutex_unlock (&warnings_lock);
  return text;
}
