/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "client/ac-new-file.h"
#include "client/ac-operation-items.h"
#include "client/ac-results-export.h"

static char *
folder_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("ac-new-file-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
folder_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
assert_holds (const char *path, const char *wanted)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, wanted);
}

static void
test_a_file_takes_the_place_of_no_other (void)
{
  g_autofree char *folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *first = ac_new_file_write (folder, "a/b", "csv", "one", 3, &error);
  g_autofree char *second = ac_new_file_write (folder, "a/b", "csv", "two", 3, &error);
  g_autofree char *name = g_path_get_basename (first);
  g_autofree char *other_name = g_path_get_basename (second);
  GStatBuf info;

  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "a_b.csv");
  g_assert_cmpstr (other_name, ==, "a_b (1).csv");
  assert_holds (first, "one");
  assert_holds (second, "two");
  g_assert_cmpint (g_stat (first, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  folder_remove (folder);
}

static void
test_where_nothing_can_be_written_the_error_says_so (void)
{
  g_autofree char *folder = folder_new ();
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *inside = g_build_filename (file, "inside", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_null (ac_new_file_write (inside, "a", "csv", "x", 1, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
  g_assert_nonnull (strstr (error->message, "Nothing was saved"));
  folder_remove (folder);
}

static AcOperationItem *
item_new (const char *id, const char *state, const char *status)
{
  AcOperationItem *item = g_new0 (AcOperationItem, 1);

  item->action_id = (char *)id;
  item->state = (char *)state;
  item->status = (char *)status;
  return item;
}

static GPtrArray *
items_new (void)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (items, item_new ("a", "done", "completed"));
  g_ptr_array_add (items, item_new ("b", "failed", "failed"));
  g_ptr_array_add (items, item_new ("c", "done", "rejected"));
  g_ptr_array_add (items, item_new ("d", "takenBack", "pending"));
  return items;
}

static void
test_the_items_of_an_operation_say_what_goes_on_with_them (void)
{
  g_autoptr (GPtrArray) items = items_new ();
  g_auto (GStrv) undoable = ac_operation_items_undoable (items);
  g_auto (GStrv) retryable = ac_operation_items_retryable (items);

  g_assert_cmpuint (ac_operation_items_count (items, "done"), ==, 2);
  g_assert_cmpuint (ac_operation_items_count (NULL, "done"), ==, 0);
  g_assert_cmpuint (g_strv_length (undoable), ==, 1);
  g_assert_cmpstr (undoable[0], ==, "a");
  g_assert_cmpuint (g_strv_length (retryable), ==, 1);
  g_assert_cmpstr (retryable[0], ==, "b");
}

/* After an undo for some of its assets an action is completed again, but what was done was an undo.
 */
static void
test_an_undo_of_some_leaves_nothing_to_undo (void)
{
  g_autoptr (GPtrArray) items = items_new ();
  g_auto (GStrv) undoable = NULL;

  ((AcOperationItem *)items->pdata[0])->undo = TRUE;
  undoable = ac_operation_items_undoable (items);
  g_assert_cmpuint (g_strv_length (undoable), ==, 0);
}

static void
exported_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static void
test_an_operation_is_saved_item_by_item (void)
{
  g_autofree char *folder = folder_new ();
  g_autoptr (GPtrArray) items = items_new ();
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  guint64 n_rows;

  g_hash_table_insert (names, (gpointer) "a", (gpointer) "Invoice");
  ac_results_export_items_async (items, names, "op", folder, NULL, exported_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  path = ac_results_export_finish (result, &n_rows, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_rows, ==, 4);
  assert_holds (path, "action,about,state,status,detail\r\n"
                      "a,Invoice,done,completed,\r\n"
                      "b,,failed,failed,\r\n"
                      "c,,done,rejected,\r\n"
                      "d,,takenBack,pending,\r\n");
  folder_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/new-file/no-other", test_a_file_takes_the_place_of_no_other);
  g_test_add_func ("/client/new-file/error", test_where_nothing_can_be_written_the_error_says_so);
  g_test_add_func ("/client/operation-items/decisions",
                   test_the_items_of_an_operation_say_what_goes_on_with_them);
  g_test_add_func ("/client/operation-items/undo-of-some",
                   test_an_undo_of_some_leaves_nothing_to_undo);
  g_test_add_func ("/client/results-export/operation", test_an_operation_is_saved_item_by_item);
  return g_test_run ();
}
