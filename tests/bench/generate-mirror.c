/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows go in as those of a first sync, by the mirror's own functions. What the mirror would
 * then do in its spare time, a few rows in each transaction, is the index for searches; here it is
 * made at the same time, as that of a store. */
#include "config.h"

#include <sqlite3.h>

#include "client/ac-connection.h"
#include "client/ac-known-account.h"
#include "client/ac-mirror-schema.h"
#include "client/ac-mirror-write.h"
#include "generate-mirror.h"
#include "generate-search.h"

#define PAGE 1000
/* Pages in one transaction, each of which writes most of the index of ids anew; the first ones are
 * smaller, for until then nobody else has anything to do. */
#define PAGES 20
/* Transactions that wait to be written. */
#define MOST_AHEAD 2

/* What is written is on no disk before the end: who is interrupted begins anew. */
#define FAST "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000"

typedef struct
{
  AcMirror *mirror;
  gint64 generation;
  GenerateSearch *search;
  guint n_waiting;
  GError *error; /* the first of a page */
} Filler;

/* Pages that are being written. */
typedef struct
{
  Filler *filler;
  GPtrArray *texts; /* of their rows, in their order */
} Call;

static void
store_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static GAsyncResult *
await (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* Whose mirror it is: the window opens on it without asking the service. */
static gboolean
save_account (const char *folder, GError **error)
{
  static const char *const permissions[] = { "read", "decide", NULL };
  AcMe me = { .name = (char *)GENERATE_MIRROR_ACCOUNT,
              .role = (char *)"responder",
              .permissions = (GStrv)permissions };
  g_autoptr (AcConnection) connection = ac_connection_new ();
  g_autoptr (GAsyncResult) prepared = NULL;
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (AcApi) api = NULL;
  AcMe *known = NULL;

  ac_connection_set_address (connection, GENERATE_MIRROR_ADDRESS);
  ac_connection_set_token_for_this_run (connection, GENERATE_MIRROR_TOKEN);
  ac_connection_prepare_async (connection, NULL, store_cb, &prepared);
  api = ac_connection_prepare_finish (connection, await (&prepared), error);
  if (api == NULL)
    return FALSE;
  ac_known_account_save (folder, api, &me);
  /* It is saved by a thread that tells nobody. */
  while (known == NULL)
    {
      g_clear_object (&loaded);
      g_usleep (1000);
      ac_known_account_load_async (folder, api, NULL, store_cb, &loaded);
      known = ac_known_account_load_finish (api, await (&loaded));
    }
  ac_me_free (known);
  return TRUE;
}

static gpointer
make_fast (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  ac_sql_exec (sql, FAST, error);
  return NULL;
}

/* Nothing is left to be put into the index. */
static gpointer
note_indexed (AcSql *sql, gpointer data, GCancellable *cancellable, GError **error)
{
  ac_mirror_set_number (sql, AC_MIRROR_INDEXED, G_MAXINT64, error);
  return NULL;
}

static gboolean
write_and_wait (Filler *filler, AcMirrorFunc func, GError **error)
{
  g_autoptr (GAsyncResult) written = NULL;
  g_autoptr (GError) local_error = NULL;

  ac_mirror_write_async (filler->mirror, func, NULL, NULL, NULL, NULL, store_cb, &written);
  ac_mirror_finish (filler->mirror, await (&written), &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
begin (Filler *filler, const char *folder, GError **error)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) begun = NULL;
  g_autoptr (AcMirrorState) state = NULL;

  ac_mirror_open_async (folder, GENERATE_MIRROR_ADDRESS, GENERATE_MIRROR_ACCOUNT, NULL, store_cb,
                        &opened);
  filler->mirror = ac_mirror_open_finish (await (&opened), error);
  if (filler->mirror == NULL)
    return FALSE;
  ac_mirror_begin_sync_async (filler->mirror, "generated", NULL, store_cb, &begun);
  state = ac_mirror_begin_sync_finish (filler->mirror, await (&begun), error);
  if (state == NULL)
    return FALSE;
  filler->generation = state->generation;
  filler->search = generate_search_new (ac_mirror_get_path (filler->mirror), "search");
  return write_and_wait (filler, make_fast, error);
}

static void
pages_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  Filler *filler = call->filler;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMirrorOutcome) outcome = ac_mirror_outcome_finish (filler->mirror, result, &error);

  filler->n_waiting--;
  if (outcome == NULL && filler->error == NULL)
    filler->error = g_steal_pointer (&error);
  if (outcome != NULL)
    g_assert (outcome->keys->len == call->texts->len);
  for (guint i = 0; outcome != NULL && i < outcome->keys->len; i++)
    generate_search_add (filler->search, (gint64)g_array_index (outcome->keys, guint64, i),
                         g_steal_pointer (&call->texts->pdata[i]));
  g_ptr_array_unref (call->texts);
  g_free (call);
}

/* Takes one page of @actions from the one before @left on, newest first, as the service gives them.
 */
static AcMirrorBatch *
make_page (GenerateActions *actions, guint64 *left, GError **error)
{
  g_autoptr (GString) page = g_string_sized_new (PAGE * 1024);
  g_autoptr (GBytes) bytes = NULL;

  g_string_append (page, "{\"items\":[");
  for (guint i = 0; i<PAGE && * left> 0; i++)
    generate_actions_add_json (actions, --*left, page);
  g_string_append_printf (page, "],\"total\":%" G_GUINT64_FORMAT "}",
                          generate_actions_get_n (actions));
  bytes = g_string_free_to_bytes (g_steal_pointer (&page));
  return ac_mirror_batch_new_from_list (bytes, error);
}

static gboolean
add_pages (Filler *filler, GenerateActions *actions, GError **error)
{
  guint n_pages = 1;

  for (guint64 left = generate_actions_get_n (actions); left > 0 && filler->error == NULL;)
    {
      g_autoptr (GPtrArray) batches =
          g_ptr_array_new_with_free_func ((GDestroyNotify)ac_mirror_batch_free);
      Call *call;

      for (guint i = 0; i < n_pages && left > 0; i++)
        {
          AcMirrorBatch *batch = make_page (actions, &left, error);

          if (batch == NULL)
            return FALSE;
          g_ptr_array_add (batches, batch);
        }
      call = g_new0 (Call, 1);
      call->filler = filler;
      call->texts = g_ptr_array_new_with_free_func (g_free);
      for (guint i = 0; i < batches->len; i++)
        {
          const AcMirrorBatch *batch = batches->pdata[i];

          for (guint j = 0; j < batch->items->len; j++)
            {
              const AcMirrorItem *item = batch->items->pdata[j];

              g_ptr_array_add (call->texts, g_strdup (item->row->text->str));
            }
        }
      while (filler->n_waiting >= MOST_AHEAD)
        g_main_context_iteration (NULL, TRUE);
      filler->n_waiting++;
      ac_mirror_add_pages_async (filler->mirror, filler->generation, g_steal_pointer (&batches),
                                 NULL, pages_cb, call);
      n_pages = MIN (2 * n_pages, PAGES);
    }
  while (filler->n_waiting > 0)
    g_main_context_iteration (NULL, TRUE);
  if (filler->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&filler->error));
  return FALSE;
}

static gboolean
end (Filler *filler, GError **error)
{
  g_autoptr (GAsyncResult) ended = NULL;
  g_autoptr (AcMirrorOutcome) outcome = NULL;

  ac_mirror_end_sync_async (filler->mirror, filler->generation, NULL, store_cb, &ended);
  outcome = ac_mirror_outcome_finish (filler->mirror, await (&ended), error);
  return outcome != NULL && write_and_wait (filler, note_indexed, error) &&
         generate_search_finish (filler->search, error);
}

/* Its threads end by themselves; the last thing that they do is to take away the log. */
static void
close_mirror (Filler *filler)
{
  g_autofree char *log = NULL;

  if (filler->mirror == NULL)
    return;
  log = g_strconcat (ac_mirror_get_path (filler->mirror), "-wal", NULL);
  g_clear_object (&filler->mirror);
  while (g_file_test (log, G_FILE_TEST_EXISTS))
    g_usleep (1000);
}

/**
 * generate_mirror_fill:
 * @folder: where no mirror is yet
 */
gboolean
generate_mirror_fill (GenerateActions *actions, const char *folder, GError **error)
{
  Filler filler = { 0 };
  gboolean good = begin (&filler, folder, error) && add_pages (&filler, actions, error) &&
                  end (&filler, error) && save_account (folder, error);

  close_mirror (&filler);
  good = good && generate_search_move (filler.search, error);
  generate_search_free (filler.search);
  return good;
}
