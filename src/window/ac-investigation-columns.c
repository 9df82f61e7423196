/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-investigation.h"
#include "model/ac-investigation-state.h"
#include "model/ac-time.h"
#include "window/ac-accessible.h"
#include "window/ac-choice-sorter.h"
#include "window/ac-compat.h"
#include "window/ac-duration-text.h"
#include "window/ac-investigation-columns.h"
#include "window/ac-investigation-wording.h"
#include "window/ac-time-text.h"
#include "window/ac-wording.h"

typedef struct
{
  const char *title;
  const char *sort; /* as GET /investigations takes it */
  guint chars;
  int from_width; /* shown where there is so much room, in pixels at normal text size */
  char *(*text) (AcInvestigation *investigation);    /* transfer full */
  char *(*tooltip) (AcInvestigation *investigation); /* nullable: the same */
  gboolean is_status;
} Column;

static char *
text_title (AcInvestigation *investigation)
{
  return g_strdup (ac_investigation_get_title (investigation));
}

static char *
text_status (AcInvestigation *investigation)
{
  return g_strdup (ac_investigation_state_label (ac_investigation_get_status (investigation)));
}

static char *
tooltip_status (AcInvestigation *investigation)
{
  return g_strdup (
      ac_investigation_status_explanation (ac_investigation_get_status (investigation)));
}

static char *
text_id (AcInvestigation *investigation)
{
  return g_strndup (ac_investigation_get_id (investigation), 8);
}

static char *
tooltip_id (AcInvestigation *investigation)
{
  return g_strdup (ac_investigation_get_id (investigation));
}

static char *
text_source (AcInvestigation *investigation)
{
  return g_strdup (ac_investigation_get_detection_source (investigation));
}

static char *
tooltip_users (AcInvestigation *investigation)
{
  g_auto (GStrv) mailboxes = ac_investigation_dup_mailboxes (investigation);
  guint n = ac_investigation_get_mailbox_count (investigation);
  g_autofree char *first = g_strjoinv ("\n", mailboxes);
  guint more = n > g_strv_length (mailboxes) ? n - g_strv_length (mailboxes) : 0;

  if (more == 0)
    return g_steal_pointer (&first);
  return g_strdup_printf (ngettext ("%1$s\nand %2$u more", "%1$s\nand %2$u more", more), first,
                          more);
}

static char *
text_created (AcInvestigation *investigation)
{
  return ac_time_text_short (ac_investigation_get_created_at (investigation));
}

static char *
tooltip_created (AcInvestigation *investigation)
{
  return ac_time_text_full (ac_investigation_get_created_at (investigation));
}

static char *
text_updated (AcInvestigation *investigation)
{
  return ac_time_text_short (ac_investigation_get_updated_at (investigation));
}

static char *
tooltip_updated (AcInvestigation *investigation)
{
  return ac_time_text_full (ac_investigation_get_updated_at (investigation));
}

static char *
text_threats (AcInvestigation *investigation)
{
  return ac_wording_number (ac_investigation_get_threat_count (investigation));
}

static char *
tooltip_threats (AcInvestigation *investigation)
{
  g_auto (GStrv) threats = ac_investigation_dup_threats (investigation);

  return g_strjoinv (", ", threats);
}

static char *
text_duration (AcInvestigation *investigation)
{
  return ac_duration_text (ac_investigation_get_duration (investigation, ac_time_now ()));
}

static char *
tooltip_duration (AcInvestigation *investigation)
{
  g_autofree char *waited = ac_investigation_wording_waiting (investigation, ac_time_now ());

  /* Translators: how long people have been waited for */
  return waited != NULL ? g_strdup_printf (_ ("Total pending time: %s"), waited) : NULL;
}

/* In the order in which they stand. */
static const Column columns[] = {
  { N_ ("Investigation"), "title", 24, 0, text_title, text_title, FALSE },
  { N_ ("Status"), "status", 19, 0, text_status, tooltip_status, TRUE },
  { N_ ("Creation time"), "createdAt", 15, 560, text_created, tooltip_created, FALSE },
  { N_ ("Last changed time"), "updatedAt", 15, 1340, text_updated, tooltip_updated, FALSE },
  { N_ ("Users"), "mailboxCount", 22, 860, ac_investigation_wording_mailboxes, tooltip_users,
    FALSE },
  { N_ ("Threat count"), "threatCount", 10, 1020, text_threats, tooltip_threats, FALSE },
  { N_ ("Action count"), "actionCount", 13, 680, ac_investigation_wording_actions, NULL, FALSE },
  { N_ ("Duration"), "duration", 11, 1180, text_duration, tooltip_duration, FALSE },
  { N_ ("Detection source"), "detectionSource", 15, 1500, text_source, NULL, FALSE },
  { N_ ("ID"), "id", 9, 1600, text_id, tooltip_id, FALSE },
};

static const Column *
get_column (gpointer factory)
{
  return g_object_get_data (G_OBJECT (factory), "ac-column");
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item)
{
  const Column *column = get_column (factory);
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *inscription = gtk_inscription_new (NULL);

  gtk_inscription_set_min_chars (GTK_INSCRIPTION (inscription),
                                 column->from_width == 0 ? 8 : column->chars);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (inscription), column->chars);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (inscription),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_nat_lines (GTK_INSCRIPTION (inscription), 1);
  gtk_widget_set_valign (inscription, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (inscription, TRUE);
  ac_compat_align_inscription (GTK_INSCRIPTION (inscription));
  gtk_widget_set_visible (image, column->is_status);
  gtk_box_append (GTK_BOX (cell), image);
  gtk_box_append (GTK_BOX (cell), inscription);
  gtk_list_item_set_child (list_item, cell);
}

/* Which one it is, how far it is, and whom it is about, for those who hear the row. */
static void
describe_row (GtkWidget *child, AcInvestigation *investigation)
{
  const char *title = ac_investigation_get_title (investigation);
  g_autofree char *status = text_status (investigation);
  g_autofree char *mailboxes = ac_investigation_wording_mailboxes (investigation);
  const char *const parts[] = { title, status, mailboxes };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL && *parts[i] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", parts[i]);
  ac_accessible_name_row (child, text->str);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item)
{
  const Column *column = get_column (factory);
  AcInvestigation *investigation = gtk_list_item_get_item (list_item);
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  GtkWidget *image = gtk_widget_get_first_child (cell);
  g_autofree char *text = column->text (investigation);
  g_autofree char *tooltip = column->tooltip != NULL ? column->tooltip (investigation) : NULL;

  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_widget_get_last_child (cell)), text);
  gtk_widget_set_tooltip_text (cell, tooltip != NULL ? tooltip : text);
  if (column->is_status)
    {
      const char *status = ac_investigation_get_status (investigation);
      const char *style_class = ac_investigation_wording_status_class (status);
      const char *const classes[] = { style_class, NULL };

      gtk_image_set_from_icon_name (GTK_IMAGE (image),
                                    ac_investigation_wording_status_icon (status));
      gtk_widget_set_css_classes (image, (const char **)classes);
    }
  if (column == &columns[0])
    describe_row (cell, investigation);
}

/**
 * ac_investigation_columns_add:
 *
 * Adds all columns to an empty view.
 */
void
ac_investigation_columns_add (GtkColumnView *view)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      /* The service sorts; the sorter's number is that of the column. */
      g_autoptr (GtkSorter) sorter = ac_choice_sorter_new ((AcSort)i);
      g_autoptr (GtkColumnViewColumn) column = NULL;

      g_object_set_data (G_OBJECT (factory), "ac-column", (gpointer)&columns[i]);
      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
      column = gtk_column_view_column_new (_ (columns[i].title), factory);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_column_set_expand (column, i == 0);
      gtk_column_view_column_set_sorter (column, sorter);
      gtk_column_view_append_column (view, column);
    }
}

/**
 * ac_investigation_columns_fit:
 * @width: pixels at normal text size
 *
 * Shows the columns that there is room for.
 */
void
ac_investigation_columns_fit (GtkColumnView *view, int width)
{
  GListModel *all = gtk_column_view_get_columns (view);

  for (guint i = 0; i < g_list_model_get_n_items (all) && i < G_N_ELEMENTS (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (all, i);
      gboolean shown = width >= columns[i].from_width;

      if (gtk_column_view_column_get_visible (column) != shown)
        gtk_column_view_column_set_visible (column, shown);
    }
}

/**
 * ac_investigation_columns_get_sort:
 *
 * Returns: (transfer full) (nullable): the chosen order, as GET /investigations takes it.
 */
char *
ac_investigation_columns_get_sort (GtkColumnView *view)
{
  AcSort sort;
  gboolean descending;

  if (!ac_choice_sorter_read (gtk_column_view_get_sorter (view), &sort, &descending) ||
      (guint)sort >= G_N_ELEMENTS (columns))
    return NULL;
  return g_strconcat (descending ? "-" : "", columns[sort].sort, NULL);
}
