/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-csv.h"
#include "client/ac-new-file.h"
#include "window/ac-accessible.h"
#include "window/ac-compat.h"
#include "window/ac-scroll-start.h"
#include "window/ac-text-table.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcTextTable
{
  GtkWidget parent_instance;

  GtkBox *box;
  GtkWidget *bar;
  GtkEditable *search_entry;
  GtkLabel *count;
  GtkWidget *export_button;
  GtkLabel *saved;
  GtkColumnView *view;

  const AcTextColumn *columns; /* static */
  guint n_columns;
  char *label;
  char *export_name; /* nullable */

  GListStore *rows; /* of AcTextRow */
  GtkCustomFilter *filter;
  GtkSortListModel *sorted; /* what is shown */
  GStrv words;              /* folded */
};

G_DEFINE_FINAL_TYPE (AcTextTable, ac_text_table, GTK_TYPE_WIDGET)

enum
{
  ROW_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update_count (AcTextTable *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  guint shown = g_list_model_get_n_items (G_LIST_MODEL (self->sorted));
  g_autofree char *all = ac_wording_number (n);
  g_autofree char *some = ac_wording_number (shown);
  g_autofree char *text = NULL;

  if (shown == n)
    text = g_strdup_printf (ngettext ("%s row", "%s rows", n), all);
  else
    /* Translators: how many rows a filter leaves, and how many there are */
    text = g_strdup_printf (ngettext ("%1$s of %2$s row", "%1$s of %2$s rows", n), some, all);
  gtk_label_set_text (self->count, text);
}

static gboolean
filter_cb (gpointer item, gpointer user_data)
{
  AcTextTable *self = user_data;

  return ac_text_row_matches (item, (const char *const *)self->words);
}

static void
search_cb (AcTextTable *self)
{
  ac_text_table_set_words (self, gtk_editable_get_text (self->search_entry));
}

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return ac_text_row_compare ((AcTextRow *)a, (AcTextRow *)b, GPOINTER_TO_UINT (user_data));
}

/* --- cells --- */

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  AcTextTable *self = user_data;
  guint column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "ac-column"));
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *inscription = gtk_inscription_new (NULL);

  gtk_inscription_set_min_chars (GTK_INSCRIPTION (inscription), self->columns[column].chars);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (inscription), self->columns[column].chars);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (inscription),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_nat_lines (GTK_INSCRIPTION (inscription), 1);
  gtk_widget_set_valign (inscription, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (inscription, TRUE);
  ac_compat_align_inscription (GTK_INSCRIPTION (inscription));
  gtk_box_append (GTK_BOX (cell), image);
  gtk_box_append (GTK_BOX (cell), inscription);
  gtk_list_item_set_child (list_item, cell);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  guint column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "ac-column"));
  AcTextRow *row = gtk_list_item_get_item (list_item);
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  GtkWidget *image = gtk_widget_get_first_child (cell);
  const char *style_class;
  const char *icon_name = ac_text_row_get_icon (row, column, &style_class);
  const char *const classes[] = { style_class, NULL };

  gtk_widget_set_visible (image, icon_name != NULL);
  gtk_image_set_from_icon_name (GTK_IMAGE (image), icon_name);
  gtk_widget_set_css_classes (image, (const char **)classes);
  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_widget_get_last_child (cell)),
                            ac_text_row_get_text (row, column));
  gtk_widget_set_tooltip_text (cell, ac_text_row_get_tooltip (row, column));
  if (column == 0)
    {
      g_autofree char *description = ac_text_row_describe (row);

      ac_accessible_name_row (cell, description);
    }
}

static void
add_columns (AcTextTable *self)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) column = NULL;
      g_autoptr (GtkSorter) sorter =
          GTK_SORTER (gtk_custom_sorter_new (compare_cb, GUINT_TO_POINTER (i), NULL));

      g_object_set_data (G_OBJECT (factory), "ac-column", GUINT_TO_POINTER (i));
      g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
      g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
      column = gtk_column_view_column_new (_ (self->columns[i].title), factory);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_column_set_sorter (column, sorter);
      gtk_column_view_append_column (self->view, column);
    }
}

static void
activate_cb (AcTextTable *self, guint position)
{
  g_autoptr (AcTextRow) row = g_list_model_get_item (G_LIST_MODEL (self->sorted), position);

  if (row != NULL)
    g_signal_emit (self, signals[ROW_ACTIVATED], 0, ac_text_row_get_subject (row));
}

/* --- export --- */

static GString *
make_csv (AcTextTable *self)
{
  GString *text = g_string_new (NULL);
  g_autofree const char **cells = g_new0 (const char *, self->n_columns);

  for (guint i = 0; i < self->n_columns; i++)
    cells[i] = _ (self->columns[i].title);
  ac_csv_append_row (text, cells, self->n_columns);
  for (guint position = 0;; position++)
    {
      g_autoptr (AcTextRow) row = g_list_model_get_item (G_LIST_MODEL (self->sorted), position);

      if (row == NULL)
        return text;
      for (guint i = 0; i < self->n_columns; i++)
        cells[i] = ac_text_row_get_export (row, i);
      ac_csv_append_row (text, cells, self->n_columns);
    }
}

static void
saved_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcTextTable) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = ac_new_file_write_finish (result, &error);
  g_autofree char *told =
      path != NULL ? g_strdup_printf (_ ("Saved as %s"), path) : g_strdup (error->message);

  if (self->saved == NULL)
    return;
  gtk_label_set_text (self->saved, told);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->saved), told);
  gtk_widget_set_visible (GTK_WIDGET (self->saved), TRUE);
  ac_compat_announce (GTK_WIDGET (self), told);
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AcTextTable *self = AC_TEXT_TABLE (widget);
  const char *folder = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);
  g_autoptr (GBytes) text = g_string_free_to_bytes (make_csv (self));

  ac_new_file_write_async (folder != NULL ? folder : g_get_home_dir (), self->export_name, "csv", text,
                           NULL, saved_cb, g_object_ref (self));
}

/* --- the widget --- */

static void
ac_text_table_dispose (GObject *object)
{
  AcTextTable *self = AC_TEXT_TABLE (object);

  if (self->filter != NULL)
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  g_clear_object (&self->filter);
  g_clear_object (&self->sorted);
  g_clear_object (&self->rows);
  g_clear_pointer (&self->words, g_strfreev);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->export_name, g_free);
  g_clear_pointer ((GtkWidget **)&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_text_table_parent_class)->dispose (object);
}

static void
ac_text_table_class_init (AcTextTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_text_table_dispose;
  signals[ROW_ACTIVATED] = g_signal_new ("row-activated", AC_TYPE_TEXT_TABLE, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-text-table.ui");
  gtk_widget_class_bind_template_child (widget_class, AcTextTable, box);
  gtk_widget_class_bind_template_child (widget_class, AcTextTable, bar);
  gtk_widget_class_bind_template_child (widget_class, AcTextTable, search_entry);
  gtk_widget_class_bind_template_child (widget_class, AcTextTable, count);
  gtk_widget_class_bind_template_child (widget_class, AcTextTable, export_button);
  gtk_widget_class_bind_template_child (widget_class, AcTextTable, saved);
  gtk_widget_class_bind_template_child (widget_class, AcTextTable, view);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "table.export", NULL, export_action);
}

static void
ac_text_table_init (AcTextTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ac_scroll_start_show (GTK_WIDGET (self->view));
  self->rows = g_list_store_new (AC_TYPE_TEXT_ROW);
  self->filter = gtk_custom_filter_new (filter_cb, self, NULL);
}

/**
 * ac_text_table_new:
 * @label: translated: what the table holds
 * @columns: static
 *
 * Returns: (transfer floating): an empty table.
 */
GtkWidget *
ac_text_table_new (const char *label, const AcTextColumn *columns, guint n_columns)
{
  AcTextTable *self = g_object_new (AC_TYPE_TEXT_TABLE, NULL);
  GtkFilterListModel *filtered;
  g_autofree char *search = NULL;

  self->label = g_strdup (label);
  self->columns = columns;
  self->n_columns = n_columns;
  filtered = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->rows)),
                                        GTK_FILTER (g_object_ref (self->filter)));
  self->sorted = gtk_sort_list_model_new (G_LIST_MODEL (filtered),
                                          g_object_ref (gtk_column_view_get_sorter (self->view)));
  {
    g_autoptr (GtkSelectionModel) selection =
        GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->sorted))));

    gtk_single_selection_set_autoselect (GTK_SINGLE_SELECTION (selection), FALSE);
    gtk_single_selection_set_can_unselect (GTK_SINGLE_SELECTION (selection), TRUE);
    gtk_column_view_set_model (self->view, selection);
  }
  g_signal_connect_object (self->sorted, "items-changed", G_CALLBACK (update_count), self,
                           G_CONNECT_SWAPPED);
  add_columns (self);
  ac_accessible_name_view (self->view, label);
  /* Translators: what a table holds, for its search entry */
  search = g_strdup_printf (_ ("Filter: %s"), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search_entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, search, -1);
  update_count (self);
  return GTK_WIDGET (self);
}

/**
 * ac_text_table_set_export_name:
 * @export_name: (nullable): what the file is called, without “.csv”; %NULL: there is no export
 */
void
ac_text_table_set_export_name (AcTextTable *self, const char *export_name)
{
  g_return_if_fail (AC_IS_TEXT_TABLE (self));

  g_free (self->export_name);
  self->export_name = g_strdup (export_name);
  gtk_widget_set_visible (self->export_button, export_name != NULL);
}

/**
 * ac_text_table_set_rows:
 * @rows: (element-type AcTextRow) (transfer none)
 *
 * Shows these; rows that show the same as before stay, with selection and place.
 */
void
ac_text_table_set_rows (AcTextTable *self, GPtrArray *rows)
{
  guint n_before;
  guint start = 0;
  guint end = 0;

  g_return_if_fail (AC_IS_TEXT_TABLE (self));

  n_before = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  while (start < n_before && start < rows->len)
    {
      g_autoptr (AcTextRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), start);

      if (!ac_text_row_equal (row, rows->pdata[start]))
        break;
      ac_text_row_follow (row, rows->pdata[start]);
      start++;
    }
  while (end < n_before - start && end < rows->len - start)
    {
      g_autoptr (AcTextRow) row =
          g_list_model_get_item (G_LIST_MODEL (self->rows), n_before - 1 - end);

      if (!ac_text_row_equal (row, rows->pdata[rows->len - 1 - end]))
        break;
      ac_text_row_follow (row, rows->pdata[rows->len - 1 - end]);
      end++;
    }
  if (n_before != rows->len || start < n_before)
    g_list_store_splice (self->rows, start, n_before - start - end, rows->pdata + start,
                         rows->len - start - end);
  update_count (self);
}

guint
ac_text_table_get_n_rows (AcTextTable *self)
{
  g_return_val_if_fail (AC_IS_TEXT_TABLE (self), 0);

  return g_list_model_get_n_items (G_LIST_MODEL (self->rows));
}

/**
 * ac_text_table_set_words:
 * @words: words that must all occur in a row for it to be shown; "" for all rows
 */
void
ac_text_table_set_words (AcTextTable *self, const char *words)
{
  g_autofree char *folded = NULL;
  g_auto (GStrv) parts = NULL;
  g_autoptr (GStrvBuilder) builder = NULL;

  g_return_if_fail (AC_IS_TEXT_TABLE (self));

  folded = g_utf8_casefold (words, -1);
  parts = g_strsplit_set (folded, " \t\n", -1);
  builder = g_strv_builder_new ();
  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_strv_builder_add (builder, parts[i]);
  g_strfreev (self->words);
  self->words = g_strv_builder_end (builder);
  if (g_strcmp0 (gtk_editable_get_text (self->search_entry), words) != 0)
    gtk_editable_set_text (self->search_entry, words);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_count (self);
}
