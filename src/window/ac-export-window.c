/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-export-note.h"
#include "client/ac-export.h"
#include "model/ac-time.h"
#include "window/ac-compat.h"
#include "window/ac-export-window.h"
#include "window/ac-time-text.h"
#include "window/ac-ui.h"
#include "window/ac-wording.h"

struct _AcExportWindow
{
  AdwWindow parent_instance;

  GtkWidget *form;
  GtkCheckButton *all;
  GtkCheckButton *selection;
  GtkCheckButton *csv;
  GtkCheckButton *json;
  GtkCheckButton *ocsf;
  GtkEditable *name;
  GtkLabel *folder_label;
  GtkProgressBar *progress;
  GtkLabel *message;
  GtkWidget *export;
  GtkButton *close;
  GtkWidget *open_folder;

  AcActionSource *source;
  AcActionQuery *query;
  GArray *selected; /* nullable */
  AcApi *api;       /* nullable: whom to tell of it */
  char *folder;
  char *done; /* nullable: what was said of the last export */
  GCancellable *cancellable; /* nullable: nothing is being exported */
};

G_DEFINE_FINAL_TYPE (AcExportWindow, ac_export_window, ADW_TYPE_WINDOW)

static AcExportFormat
get_format (AcExportWindow *self)
{
  if (gtk_check_button_get_active (self->json))
    return AC_EXPORT_JSON_LINES;
  return gtk_check_button_get_active (self->ocsf) ? AC_EXPORT_OCSF : AC_EXPORT_CSV;
}

static void
say (AcExportWindow *self, const char *text)
{
  gtk_label_set_text (self->message, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message), text != NULL);
  if (text != NULL)
    ac_compat_announce (GTK_WIDGET (self), text);
}

static void
update (AcExportWindow *self)
{
  gboolean busy = self->cancellable != NULL;

  if (busy && gtk_widget_get_focus_child (self->form) != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->close));
  gtk_widget_set_sensitive (self->form, !busy);
  gtk_widget_set_sensitive (self->export, !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), busy);
  gtk_button_set_label (self->close, busy ? _ ("Cancel") : _ ("Close"));
}

static void
show_folder (AcExportWindow *self)
{
  g_autofree char *shown = g_filename_display_name (self->folder);

  gtk_label_set_text (self->folder_label, shown);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->folder_label), shown);
}

static void
folder_chosen_cb (const char *path, gpointer user_data)
{
  AcExportWindow *self = user_data;

  g_free (self->folder);
  self->folder = g_strdup (path);
  show_folder (self);
}

static void
folder_cb (AcExportWindow *self)
{
  ac_compat_choose_folder (GTK_WINDOW (self), _ ("Export to"), self->folder, folder_chosen_cb,
                           g_object_ref (self), g_object_unref);
}

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  AcExportWindow *self = user_data;
  g_autofree char *done_text = ac_wording_number (done);
  g_autofree char *of = ac_wording_actions (total);
  /* Translators: a number, and a number of actions */
  g_autofree char *text = g_strdup_printf (_ ("%1$s of %2$s"), done_text, of);

  gtk_progress_bar_set_fraction (self->progress, total > 0 ? (double)done / (double)total : 0);
  gtk_progress_bar_set_text (self->progress, text);
}

static void
say_not_noted (AcExportWindow *self)
{
  g_autofree char *text = g_strdup_printf (
      "%s\n%s", self->done,
      _ ("The service could not be told, so this export does not stand in its audit log."));

  say (self, text);
}

/* What was asked for, which may be over when its window is gone. */
typedef struct
{
  AcExportWindow *window; /* owned */
  AcApi *api;             /* nullable */
  AcExportFormat format;
  AcActionQuery *query; /* nullable: of what was selected */
} Run;

static Run *
run_new (AcExportWindow *self, gboolean all)
{
  Run *run = g_new0 (Run, 1);

  run->window = g_object_ref (self);
  g_set_object (&run->api, self->api);
  run->format = get_format (self);
  if (all)
    run->query = g_object_ref (self->query);
  return run;
}

static void
run_free (Run *run)
{
  g_clear_object (&run->query);
  g_clear_object (&run->api);
  g_object_unref (run->window);
  g_free (run);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

static void
noted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Run) run = user_data;

  if (!ac_export_note_finish (AC_API (object), result, NULL) && run->window->form != NULL)
    say_not_noted (run->window);
}

/* Who has taken what along stands in the audit log of the service. */
static void
note (Run *run, guint64 n)
{
  if (run->api != NULL)
    {
      ac_export_note_async (run->api, run->format, n, run->query, NULL, noted_cb, run);
      return;
    }
  if (run->window->form != NULL)
    say_not_noted (run->window);
  run_free (run);
}

static void
say_done (AcExportWindow *self, guint64 n, GStrv paths)
{
  g_autofree char *what = ac_wording_actions (n);
  g_autofree char *first = g_path_get_basename (paths[0]);
  g_autofree char *shown = g_filename_display_name (first);
  guint n_paths = g_strv_length (paths);
  g_autofree char *text =
      n_paths == 1
          /* Translators: a number of actions, and the name of a file */
          ? g_strdup_printf (_ ("%1$s exported to “%2$s”."), what, shown)
          /* Translators: a number of actions, a number of files, a number of actions, a file's name
           */
          : g_strdup_printf (
                ngettext ("%1$s exported to %2$u file of at most %3$u actions, the first "
                          "is “%4$s”.",
                          "%1$s exported to %2$u files of at most %3$u actions, the first "
                          "is “%4$s”.",
                          n_paths),
                what, n_paths, (guint)AC_EXPORT_MOST_ROWS, shown);

  say (self, text);
  g_free (self->done);
  self->done = g_steal_pointer (&text);
  gtk_widget_set_visible (self->open_folder, TRUE);
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Run) run = user_data;
  AcExportWindow *self = run->window;
  g_autoptr (GError) error = NULL;
  guint64 n = 0;
  g_auto (GStrv) paths = ac_export_run_finish (AC_EXPORT (object), result, &n, &error);

  g_clear_object (&self->cancellable);
  if (self->form != NULL)
    {
      update (self);
      if (paths != NULL)
        say_done (self, n, paths);
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        say (self, _ ("The export was cancelled. No file was left behind."));
      else
        say (self, error->message);
    }
  /* The files are there, whether or not somebody still looks. */
  if (paths != NULL)
    note (g_steal_pointer (&run), n);
}

static void
export_cb (AcExportWindow *self)
{
  g_autoptr (AcExport) export = ac_export_new (self->source, get_format (self), self->folder,
                                               gtk_editable_get_text (self->name));
  gboolean all = self->selected == NULL || gtk_check_button_get_active (self->all);

  self->cancellable = g_cancellable_new ();
  ac_export_set_progress (export, progress_cb, self);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_progress_bar_set_text (self->progress, _ ("Preparing…"));
  gtk_widget_set_visible (self->open_folder, FALSE);
  say (self, NULL);
  update (self);
  ac_export_run_async (export, all ? self->query : NULL, all ? NULL : self->selected,
                       self->cancellable, exported_cb, run_new (self, all));
}

static void
close_cb (AcExportWindow *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
open_folder_cb (AcExportWindow *self)
{
  g_autofree char *uri = g_filename_to_uri (self->folder, NULL, NULL);

  if (uri != NULL)
    g_app_info_launch_default_for_uri_async (uri, NULL, NULL, NULL, NULL);
}

static gboolean
ac_export_window_close_request (GtkWindow *window)
{
  g_cancellable_cancel (AC_EXPORT_WINDOW (window)->cancellable);
  return GTK_WINDOW_CLASS (ac_export_window_parent_class)->close_request (window);
}

static void
ac_export_window_dispose (GObject *object)
{
  AcExportWindow *self = AC_EXPORT_WINDOW (object);

  g_clear_object (&self->source);
  g_clear_object (&self->query);
  g_clear_pointer (&self->selected, g_array_unref);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->done, g_free);
  g_clear_object (&self->api);
  self->form = NULL;
  G_OBJECT_CLASS (ac_export_window_parent_class)->dispose (object);
}

static void
ac_export_window_class_init (AcExportWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ac_export_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = ac_export_window_close_request;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               AC_UI_RESOURCE_PATH "/ac-export-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, form);
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, all);
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, selection);
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, csv);
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, json);
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, ocsf);
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, name);
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, folder_label);
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, message);
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, export);
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, close);
  gtk_widget_class_bind_template_child (widget_class, AcExportWindow, open_folder);
  gtk_widget_class_bind_template_callback (widget_class, folder_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_folder_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ac_export_window_init (AcExportWindow *self)
{
  const char *downloads = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);

  gtk_widget_init_template (GTK_WIDGET (self));
  self->folder = g_strdup (downloads != NULL && g_file_test (downloads, G_FILE_TEST_IS_DIR)
                               ? downloads
                               : g_get_home_dir ());
  show_folder (self);
}

/* “actions-pending-2026-03-01” */
static char *
suggest_name (AcActionQuery *query)
{
  g_autofree char *day = ac_time_text_day (ac_time_now ());

  return g_strdup_printf ("actions-%s-%s",
                          ac_action_query_get_tab (query) == AC_TAB_PENDING ? "pending" : "history",
                          day);
}

/**
 * ac_export_window_new:
 * @query: what the list shows
 * @n_found: how many actions that are
 * @selected: (nullable) (element-type guint64): which of them are selected
 * @api: (nullable): whom to tell of it, for the audit log
 *
 * Returns: (transfer none): GTK holds it until it is closed.
 */
GtkWindow *
ac_export_window_new (GtkWindow *parent,
                      AcActionSource *source,
                      AcActionQuery *query,
                      guint64 n_found,
                      GArray *selected,
                      AcApi *api)
{
  AcExportWindow *self = g_object_new (AC_TYPE_EXPORT_WINDOW, "transient-for", parent, NULL);
  g_autofree char *name = suggest_name (query);
  g_autofree char *found = ac_wording_actions (n_found);
  /* Translators: a number of actions */
  g_autofree char *all = g_strdup_printf (_ ("%s that match the filters"), found);

  self->source = g_object_ref (source);
  g_set_object (&self->api, api);
  self->query = g_object_ref (query);
  gtk_editable_set_text (self->name, name);
  gtk_check_button_set_label (self->all, all);
  if (selected != NULL && selected->len > 0)
    {
      g_autofree char *n = ac_wording_actions (selected->len);
      /* Translators: a number of actions */
      g_autofree char *text = g_strdup_printf (_ ("%s that are selected"), n);

      self->selected = g_array_ref (selected);
      gtk_check_button_set_label (self->selection, text);
      gtk_check_button_set_active (self->selection, TRUE);
      gtk_widget_set_visible (GTK_WIDGET (self->selection), TRUE);
    }
  update (self);
  return GTK_WINDOW (self);
}
