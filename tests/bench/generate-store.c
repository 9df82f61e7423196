/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything but the search index goes in by one transaction, without indexes, which are made when
 * the rows are there; and through the store's own functions where rows depend on each other: the
 * audit chain and the counts.
 *
 * What is written is on no disk before the end: who is interrupted begins anew. */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "generate-search.h"
#include "generate-store.h"
#include "model/ac-json-text.h"
#include "model/ac-investigation-state.h"
#include "model/ac-search-text.h"
#include "model/ac-time.h"
#include "store/ac-store-private.h"

/* The change log holds so much, as that of a service does. */
#define LOG_SPAN (30 * G_TIME_SPAN_DAY)

#define FAST                                                                                       \
  "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; "            \
  "PRAGMA cache_size = -600000; PRAGMA locking_mode = EXCLUSIVE; PRAGMA threads = 2"

/* A row of the change log that is not in its place yet. */
typedef struct
{
  gint64 at;
  gint64 target;
  const char *kind;
  guint version;
} Change;

typedef struct
{
  GenerateActions *actions;
  AcStore *store;
  GenerateSearch *search;
  AcWrite write;
  AcActor actor;
  gint64 now;
  GArray *changes;    /* of Change */
  GPtrArray *indexes; /* the statements that make them */
  gint64 n_operations;
  GString *text;
} Filler;

static void
add_change (Filler *filler, const char *kind, gint64 target, guint version, gint64 at)
{
  Change change = { at, target, kind, version };

  if (at >= filler->now - LOG_SPAN)
    g_array_append_val (filler->changes, change);
}

static gboolean
add_audit (Filler *filler, const char *actor, gint64 at, const AcAuditRow *row, GError **error)
{
  filler->actor.name = actor;
  filler->write.now = at;
  return ac_write_audit (&filler->write, row, error);
}

/* --- indexes --- */

static gboolean
drop_indexes (Filler *filler, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  AcSqlStep step = AC_SQL_ERROR;

  {
    g_autoptr (AcSqlReset) query =
        ac_sql_query (filler->write.sql, error,
                      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql NOTNULL "
                      "ORDER BY rowid",
                      "");

    while (query != NULL && (step = ac_sql_step (filler->write.sql, query, error)) == AC_SQL_ROW)
      {
        g_ptr_array_add (names, g_strdup_printf ("DROP INDEX %s", ac_sql_text (query, 0)));
        g_ptr_array_add (filler->indexes, g_strdup (ac_sql_text (query, 1)));
      }
  }
  for (guint i = 0; step == AC_SQL_DONE && i < names->len; i++)
    if (!ac_sql_exec (filler->write.sql, names->pdata[i], error))
      return FALSE;
  return step == AC_SQL_DONE;
}

/* What is sorted in small parts is sorted by a thread of its own, while this one reads on; and the
 * rows, which no small cache holds, need not be copied into it. */
static gboolean
make_indexes (Filler *filler, GError **error)
{
  if (!ac_sql_exec (filler->write.sql, "PRAGMA cache_size = -16000; PRAGMA mmap_size = 8589934592",
                    error))
    return FALSE;
  for (guint i = 0; i < filler->indexes->len; i++)
    if (!ac_sql_exec (filler->write.sql, filler->indexes->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* --- one investigation --- */

typedef struct
{
  gint64 row; /* 0: it was not made */
  gint64 total;
  gint64 waiting;
  gint64 done;
  gint64 failed;
  gint64 finished_at;
} Operation;

static const char *
item_state (const GenerateAction *action, GenerateDecision decision)
{
  if (decision != action->decision)
    return "done";
  switch (action->status)
    {
    case AC_STATUS_QUEUED:
    case AC_STATUS_UNDO_QUEUED:
      return "queued";
    case AC_STATUS_RUNNING:
    case AC_STATUS_UNDOING:
      return "running";
    case AC_STATUS_FAILED:
    case AC_STATUS_PARTLY_COMPLETED:
    case AC_STATUS_UNDO_FAILED:
      return "failed";
    default:
      return "done";
    }
}

static gboolean
insert_assets (Filler *filler,
               gint64 row,
               const GenerateAction *action,
               gint64 operation,
               GError **error)
{
  gboolean live = action->status == AC_STATUS_QUEUED || action->status == AC_STATUS_RUNNING;
  gboolean undo = action->status == AC_STATUS_UNDO_QUEUED || action->status == AC_STATUS_UNDOING;
  /* Of all its assets. */
  gboolean undo_asked = action->decision == GENERATE_UNDO;

  for (guint i = 0; i < action->n_assets; i++)
    {
      const GenerateAsset *asset = &action->assets[i];
      gboolean known = asset->outcome != AC_OUTCOME_UNKNOWN;

      if (!ac_sql_run (filler->write.sql, error,
                       "INSERT INTO action_assets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", "iisitssti",
                       row, (gint64)i, asset->name->str, (gint64)asset->moved,
                       known ? operation : AC_TIME_NONE,
                       known ? ac_outcome_wire (asset->outcome) : NULL, asset->detail,
                       known ? asset->at : AC_TIME_NONE, (gint64)undo_asked))
        return FALSE;
      if ((live || (undo && asset->moved)) &&
          !ac_sql_run (filler->write.sql, error,
                       "INSERT INTO work (action, position, asset, type, undo, bulk, decided_at) "
                       "VALUES (?, ?, ?, ?, ?, 0, ?)",
                       "iissii", row, (gint64)i, asset->name->str,
                       ac_action_type_wire (action->type), (gint64)undo, action->updated_at))
        return FALSE;
    }
  return TRUE;
}

static gboolean
insert_events (Filler *filler,
               gint64 row,
               const GenerateAction *action,
               Operation *operations,
               GError **error)
{
  for (guint i = 0; i < action->n_events; i++)
    {
      const GenerateEvent *event = &action->events[i];
      Operation *operation =
          event->decision != GENERATE_NO_DECISION ? &operations[event->decision] : NULL;

      if (!add_audit (filler, event->actor, event->at,
                      &(AcAuditRow){ .event = i == 0 ? "propose" : ac_event_name (event->event),
                                     .kind = "action",
                                     .id = action->id,
                                     .version = i + 1,
                                     .action = row,
                                     .operation = operation != NULL ? operation->row : 0,
                                     .before = i == 0 ? NULL : ac_status_wire (event->before),
                                     .after = ac_status_wire (event->after),
                                     .comment = i == 0 ? action->reason : NULL },
                      error))
        return FALSE;
      add_change (filler, "action", row, i + 1, event->at);
      if (operation == NULL)
        continue;
      if (!ac_sql_run (filler->write.sql, error,
                       "INSERT INTO operation_items VALUES (?, ?, ?, ?, ?, NULL)", "iiiss",
                       operation->row, operation->total, row, ac_status_wire (event->before),
                       item_state (action, event->decision)))
        return FALSE;
      operation->total++;
    }
  return TRUE;
}

static void
count_items (const GenerateAction *action, Operation *operations)
{
  for (guint slot = 0; slot < GENERATE_N_DECISIONS; slot++)
    for (guint i = 0; i < action->n_events; i++)
      if (action->events[i].decision == slot)
        {
          const char *state = item_state (action, slot);

          if (g_str_equal (state, "done"))
            operations[slot].done++;
          else if (g_str_equal (state, "failed"))
            operations[slot].failed++;
          else
            operations[slot].waiting++;
          operations[slot].finished_at = MAX (operations[slot].finished_at, action->events[i].at);
        }
}

/* The text that q is looked up in, folded as the store does it. */
static char *
fold (Filler *filler, const GenerateAction *action)
{
  g_string_assign (filler->text, action->id);
  for (guint i = 0; i < action->n_assets; i++)
    g_string_append_printf (filler->text, "\n%s", action->assets[i].name->str);
  g_string_append (filler->text, action->words->str);
  return ac_search_text_fold (filler->text->str);
}

static gboolean
insert_action (Filler *filler,
               gint64 investigation,
               const GenerateInvestigation *made,
               const GenerateAction *action,
               Operation *operations,
               GError **error)
{
  gint64 row = (gint64)action->index + 1;
  gboolean decided = action->decision != GENERATE_NO_DECISION;
  const Operation *operation = decided ? &operations[action->decision] : NULL;
  const char *decided_by = decided ? made->operations[action->decision].actor : "";
  g_autofree char *search = fold (filler, action);
  const char *verdict = ac_vocabulary_wire (AC_VOCABULARY_VERDICT, (int)action->verdict);
  const char *source = ac_vocabulary_wire (AC_VOCABULARY_SOURCE, (int)action->source);
  AcActionRow count = { .status = action->status,
                        .type = action->type,
                        .verdict = action->verdict,
                        .source = action->source,
                        .entity_type = action->entity_type,
                        .decided_by = (char *)decided_by };
  gint64 place = decided ? operation->total : AC_TIME_NONE;

  ac_write_count (&filler->write, &count, 1);
  if (!ac_sql_run (
          filler->write.sql, error,
          "INSERT INTO actions (seq, id, version, status, type, verdict, source, entity_type, "
          "  details, asset, decided_by, created_at, updated_at, expires_at, investigation, "
          "  operation, operation_position, moved, digest, decision, "
          "  undo_state) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          "isisssssssstttittisss", row, action->id, (gint64)action->n_events,
          ac_status_wire (action->status), ac_action_type_wire (action->type), verdict, source,
          ac_entity_type_wire (action->entity_type), action->details->str,
          action->assets[0].name->str, decided_by, action->created_at, action->updated_at,
          action->expires_at, investigation, decided ? operation->row : AC_TIME_NONE, place,
          (gint64)action->n_moved, action->digest,
          decided ? ac_decision_wire (made->operations[action->decision].decision) : "",
          ac_undo_state_wire (ac_transition_undo_state (
              action->status, ac_store_may_undo (action->status, action->n_moved)))) ||
      !ac_sql_run (filler->write.sql, error, "INSERT INTO action_texts VALUES (?, ?, ?, ?)", "isss",
                   row, action->reason, search, action->entity->str))
    return FALSE;
  generate_search_add (filler->search, row, g_steal_pointer (&search));
  return insert_assets (filler, row, action, decided ? operation->row : 0, error) &&
         insert_events (filler, row, action, operations, error);
}

static gboolean
insert_operation (Filler *filler,
                  const GenerateOperation *made,
                  Operation *operation,
                  GError **error)
{
  const char *decision = ac_decision_wire (made->decision);
  gint64 total = operation->done + operation->failed + operation->waiting;
  guint version = operation->waiting > 0 ? 1 : 2;

  operation->row = ++filler->n_operations;
  add_change (filler, "operation", operation->row, version,
              operation->waiting > 0 ? made->at : operation->finished_at);
  return ac_sql_run (
             filler->write.sql, error,
             "INSERT INTO operations (seq, id, version, decision, comment, decided_by, created_at, "
             "  finished_at, total, waiting, done, failed, skipped) "
             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
             "isisssttiiii", operation->row, made->id, (gint64)version, decision, made->comment,
             made->actor, made->at, operation->waiting > 0 ? AC_TIME_NONE : operation->finished_at,
             total, operation->waiting, operation->done, operation->failed) &&
         add_audit (filler, made->actor, made->at,
                    &(AcAuditRow){ .event = decision,
                                   .kind = "operation",
                                   .id = made->id,
                                   .version = 1,
                                   .operation = operation->row,
                                   .comment = made->comment },
                    error);
}

static gboolean
insert_row (Filler *filler,
            const GenerateInvestigation *made,
            const char *evidence,
            guint n_pending,
            gint64 updated_at,
            GError **error)
{
  gint64 row = (gint64)made->index + 1;
  const char *first = ac_vocabulary_wire (AC_VOCABULARY_INVESTIGATION_STATUS,
                                          AC_INVESTIGATION_STATUS_PENDING_ACTION);
  AcInvestigationSums sums = { .n_actions = made->n_actions,
                               .n_pending = n_pending,
                               .n_approved = made->n_actions - n_pending,
                               .threatening = TRUE };
  const char *status = ac_vocabulary_wire (AC_VOCABULARY_INVESTIGATION_STATUS,
                                           (int)ac_investigation_derive_status (&sums));
  gboolean changed = !g_str_equal (first, status);

  if (!ac_sql_run (filler->write.sql, error,
                   "INSERT INTO investigations (seq, id, version, external_id, title, started_by, "
                   "  detection_source, severity, status, evidence, threatening, action_count, "
                   "  pending_count, created_at, updated_at, approved_count, pending_since, "
                   "  ended_at) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)",
                   "isisssssssiiiiitt", row, made->id, (gint64)(changed ? 2 : 1), made->external_id,
                   made->title->str, made->started_by, made->detection_source, made->severity,
                   status, evidence, (gint64)made->n_actions, (gint64)n_pending, made->created_at,
                   updated_at, sums.n_approved, n_pending > 0 ? made->created_at : AC_TIME_NONE,
                   n_pending > 0 ? AC_TIME_NONE : updated_at) ||
      !add_audit (filler, "detector", made->created_at,
                  &(AcAuditRow){ .event = "create",
                                 .kind = "investigation",
                                 .id = made->id,
                                 .version = 1,
                                 .after = first,
                                 .comment = made->title->str },
                  error))
    return FALSE;
  add_change (filler, "investigation", row, 1, made->created_at);
  if (!changed)
    return TRUE;
  add_change (filler, "investigation", row, 2, updated_at);
  return add_audit (filler, "service", updated_at,
                    &(AcAuditRow){ .event = "statusChange",
                                   .kind = "investigation",
                                   .id = made->id,
                                   .version = 2,
                                   .before = first,
                                   .after = status },
                    error);
}

/* The first time over its actions tells what the rows before them must hold. */
static gboolean
insert_investigation (Filler *filler, guint64 first, GError **error)
{
  const GenerateInvestigation *made = generate_actions_get_investigation (filler->actions, first);
  Operation operations[GENERATE_N_DECISIONS] = { { 0 } };
  gint64 updated_at = made->created_at;
  g_autoptr (GString) evidence = g_string_new (NULL);
  guint n_pending = 0;

  ac_json_text_open (evidence, '[');
  for (guint i = 0; i < made->n_actions; i++)
    {
      const GenerateAction *action = generate_actions_get (filler->actions, first + i);

      count_items (action, operations);
      n_pending += action->status == AC_STATUS_PENDING;
      if (action->n_events > 1)
        updated_at = MAX (updated_at, action->events[1].at);
      if (i > 3)
        continue;
      ac_json_text_open (evidence, '{');
      ac_json_text_add_json (evidence, "entity", action->entity->str);
      ac_json_text_add_string (evidence, "verdict",
                               ac_vocabulary_wire (AC_VOCABULARY_VERDICT, (int)action->verdict));
      ac_json_text_close (evidence, '}');
    }
  ac_json_text_close (evidence, ']');
  if (!insert_row (filler, made, evidence->str, n_pending, updated_at, error))
    return FALSE;
  for (guint slot = 0; slot < GENERATE_N_DECISIONS; slot++)
    if (operations[slot].done + operations[slot].failed + operations[slot].waiting > 0 &&
        !insert_operation (filler, &made->operations[slot], &operations[slot], error))
      return FALSE;
  for (guint i = 0; i < made->n_actions; i++)
    if (!insert_action (filler, (gint64)made->index + 1, made,
                        generate_actions_get (filler->actions, first + i), operations, error))
      return FALSE;
  return TRUE;
}

/* --- the whole --- */

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const Change *x = a;
  const Change *y = b;

  if (x->at != y->at)
    return x->at < y->at ? -1 : 1;
  if (x->kind != y->kind)
    return strcmp (x->kind, y->kind);
  if (x->target != y->target)
    return x->target < y->target ? -1 : 1;
  return x->version < y->version ? -1 : x->version > y->version;
}

static gboolean
insert_changes (Filler *filler, GError **error)
{
  g_array_sort (filler->changes, compare_changes);
  for (guint i = 0; i < filler->changes->len; i++)
    {
      const Change *change = &g_array_index (filler->changes, Change, i);

      if (!ac_sql_run (filler->write.sql, error,
                       "INSERT INTO changes (kind, target, version, at) VALUES (?, ?, ?, ?)",
                       "siii", change->kind, change->target, (gint64)change->version, change->at))
        return FALSE;
    }
  return TRUE;
}

/* So that the same seed makes the same file. The secret signs cursors of this test database only.
 */
static gboolean
set_identity (Filler *filler, guint64 seed, GError **error)
{
  char id[GENERATE_UUID_SIZE];
  char secret[GENERATE_UUID_SIZE];

  generate_actions_make_uuid (filler->actions, 3, seed, id);
  generate_actions_make_uuid (filler->actions, 4, seed, secret);
  return ac_sql_run (
      filler->write.sql, error,
      "UPDATE meta SET value = CASE name WHEN 'databaseId' THEN ?1 ELSE ?2 || ?2 END "
      "WHERE name IN ('databaseId', 'secret')",
      "ss", id, secret);
}

static gboolean
fill (Filler *filler, guint64 seed, GError **error)
{
  guint64 n = generate_actions_get_n (filler->actions);

  if (!set_identity (filler, seed, error) || !drop_indexes (filler, error))
    return FALSE;
  for (guint64 i = 0; i < n;)
    {
      guint n_actions = generate_actions_get_investigation (filler->actions, i)->n_actions;

      if (!insert_investigation (filler, i, error))
        return FALSE;
      i += n_actions;
    }
  return insert_changes (filler, error) && make_indexes (filler, error) &&
         ac_write_commit (&filler->write, error) && generate_search_finish (filler->search, error);
}

/**
 * generate_store_fill:
 * @path: where no file is yet
 * @seed: of @actions
 * @now: of @actions
 *
 * Returns: whether the database is there, as a service leaves it behind.
 */
gboolean
generate_store_fill (GenerateActions *actions,
                     const char *path,
                     guint64 seed,
                     gint64 now,
                     GError **error)
{
  g_autoptr (AcStore) store = NULL;
  Filler filler = { .actions = actions, .now = now };
  gboolean good;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED, "There is something at %s already",
                   path);
      return FALSE;
    }
  store = ac_store_open (path, error);
  if (store == NULL || !ac_sql_exec (store->writer, FAST, error))
    return FALSE;
  filler.store = store;
  /* As the store's own migration makes it. */
  filler.search = generate_search_new (path, "action_search");
  filler.changes = g_array_new (FALSE, FALSE, sizeof (Change));
  filler.indexes = g_ptr_array_new_with_free_func (g_free);
  filler.text = g_string_new (NULL);
  filler.actor = (AcActor){ "service", NULL };
  good = ac_store_begin_write (store, &filler.write, &filler.actor, error) &&
         fill (&filler, seed, error) &&
         ac_sql_exec (store->writer, "PRAGMA journal_mode = WAL", error);
  ac_write_clear (&filler.write);
  g_array_unref (filler.changes);
  g_ptr_array_unref (filler.indexes);
  g_string_free (filler.text, TRUE);
  g_clear_object (&store);
  good = good && generate_search_move (filler.search, error);
  generate_search_free (filler.search);
  if (!good)
    g_unlink (path);
  return good;
}
