/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "window/ac-compat.h"
#include "window/ac-ui.h"

/**
 * ac_compat_do_without_gl:
 *
 * Has GTK leave OpenGL and Vulkan alone, unless the person has said something about it. Called
 * before GTK is initialised. (A variable of its own from GTK 4.16.)
 */
void
ac_compat_do_without_gl (void)
{
  if (gtk_get_minor_version () >= 16)
    g_setenv ("GDK_DISABLE", "gl,vulkan", FALSE);
  else
    g_setenv ("GDK_DEBUG", "gl-disable", FALSE);
}

static gboolean
forget_popup_cb (gpointer data)
{
  GtkWidget *popup = data;

  if (gtk_widget_get_realized (popup) && !gtk_widget_get_mapped (popup))
    gtk_widget_unrealize (popup);
  return G_SOURCE_REMOVE;
}

static gboolean
unmap_hook (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  GtkWidget *widget = g_value_get_object (values);

  /* Before the next frame. */
  if (GTK_IS_POPOVER (widget) || strcmp (gtk_widget_get_css_name (widget), "tooltip") == 0)
    g_idle_add_full (G_PRIORITY_HIGH, forget_popup_cb, g_object_ref (widget), g_object_unref);
  return TRUE;
}

/**
 * ac_compat_let_popups_go:
 *
 * Has popovers and tooltips give their surfaces up when they close. GTK (4.8 to 4.18) goes on telling
 * a surface that is hidden that the pointer moves over it whenever something in it has changed, and
 * the next click where it was goes there and is lost: of clicks on a button after another one's
 * popover was closed with a key, one in two hundred. Called once, when GTK is initialised.
 */
void
ac_compat_let_popups_go (void)
{
  g_type_class_unref (g_type_class_ref (GTK_TYPE_WIDGET));
  g_signal_add_emission_hook (g_signal_lookup ("unmap", GTK_TYPE_WIDGET), 0, unmap_hook, NULL, NULL);
}

typedef struct
{
  AcFileChosen chosen;
  gpointer user_data;
  GDestroyNotify destroy;
} Choice;

static void
choice_free (Choice *choice)
{
  if (choice->destroy != NULL)
    choice->destroy (choice->user_data);
  g_free (choice);
}

static void
choice_done (Choice *choice, GFile *file)
{
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    choice->chosen (path, choice->user_data);
  choice_free (choice);
}

#if GTK_CHECK_VERSION(4, 10, 0)
static void
open_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  /* An error is a dialog that was closed, or one that could not be shown; the path can be typed. */
  g_autoptr (GFile) file =
      gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source_object), result, NULL);

  choice_done (user_data, file);
}
#else
static void
response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                               : NULL;

  choice_done (user_data, file);
  g_object_unref (dialog);
}
#endif

/**
 * ac_compat_choose_file:
 * @chosen: called with the path
 * @destroy: (nullable): called with @user_data when it is over
 *
 * Asks the person for a file, through the portal where there is one. (One way from GTK 4.10.)
 */
void
ac_compat_choose_file (GtkWindow *parent,
                       const char *title,
                       AcFileChosen chosen,
                       gpointer user_data,
                       GDestroyNotify destroy)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->chosen = chosen;
  choice->user_data = user_data;
  choice->destroy = destroy;
#if GTK_CHECK_VERSION(4, 10, 0)
  {
    g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

    gtk_file_dialog_set_title (dialog, title);
    gtk_file_dialog_open (dialog, parent, NULL, open_cb, choice);
  }
#else
  {
    GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
        title, parent, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));

    gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
    g_signal_connect (dialog, "response", G_CALLBACK (response_cb), choice);
    gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
  }
#endif
}

#if GTK_CHECK_VERSION(4, 10, 0)
static void
folder_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GFile) file =
      gtk_file_dialog_select_folder_finish (GTK_FILE_DIALOG (source_object), result, NULL);

  choice_done (user_data, file);
}
#endif

/**
 * ac_compat_choose_folder:
 * @folder: the path of the one to begin in
 * @chosen: called with the path
 * @destroy: (nullable): called with @user_data when it is over
 *
 * Asks the person for a folder, as ac_compat_choose_file(). (One way from GTK 4.10.)
 */
void
ac_compat_choose_folder (GtkWindow *parent,
                         const char *title,
                         const char *folder,
                         AcFileChosen chosen,
                         gpointer user_data,
                         GDestroyNotify destroy)
{
  Choice *choice = g_new0 (Choice, 1);
  g_autoptr (GFile) initial = g_file_new_for_path (folder);

  choice->chosen = chosen;
  choice->user_data = user_data;
  choice->destroy = destroy;
#if GTK_CHECK_VERSION(4, 10, 0)
  {
    g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

    gtk_file_dialog_set_title (dialog, title);
    gtk_file_dialog_set_initial_folder (dialog, initial);
    gtk_file_dialog_select_folder (dialog, parent, NULL, folder_cb, choice);
  }
#else
  {
    GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
        title, parent, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Open"), _ ("_Cancel"));

    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), initial, NULL);
    gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
    g_signal_connect (dialog, "response", G_CALLBACK (response_cb), choice);
    gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
  }
#endif
}

/**
 * ac_compat_column_view_scroll_to:
 *
 * Brings a row into sight. (One call from GTK 4.12.)
 */
void
ac_compat_column_view_scroll_to (GtkColumnView *view, guint position)
{
#if GTK_CHECK_VERSION(4, 12, 0)
  gtk_column_view_scroll_to (view, position, NULL, GTK_LIST_SCROLL_NONE, NULL);
#else
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (view)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_activate_action (child, "list.scroll-to-item", "u", position))
      return;
#endif
}

/* Whether the first letter of @text is one of those that go from left to right. (Pango's function
 * for that is deprecated.) */
static gboolean
begins_at_left (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      if (!g_unichar_isalpha (g_utf8_get_char (text)))
        continue;
      switch (g_unichar_get_script (g_utf8_get_char (text)))
        {
        case G_UNICODE_SCRIPT_ADLAM:
        case G_UNICODE_SCRIPT_ARABIC:
        case G_UNICODE_SCRIPT_HEBREW:
        case G_UNICODE_SCRIPT_NKO:
        case G_UNICODE_SCRIPT_SYRIAC:
        case G_UNICODE_SCRIPT_THAANA:
          return FALSE;
        default:
          return TRUE;
        }
    }
  return FALSE;
}

/* Where the letters themselves go from right to left, and where there are none, as in a number,
 * Pango takes the left for the right. */
static void
align (GtkInscription *inscription)
{
  const char *text = gtk_inscription_get_text (inscription);
  gboolean is_right = gtk_widget_get_direction (GTK_WIDGET (inscription)) == GTK_TEXT_DIR_RTL &&
                      text != NULL && begins_at_left (text);

  gtk_inscription_set_xalign (inscription, is_right ? 1.0F : 0.0F);
}

/**
 * ac_compat_align_inscription:
 *
 * Lets the text begin where lines begin for the person. (GtkLabel does that by itself;
 * GtkInscription does not in any version so far.)
 */
void
ac_compat_align_inscription (GtkInscription *inscription)
{
  align (inscription);
  g_signal_connect (inscription, "direction-changed", G_CALLBACK (align), NULL);
  g_signal_connect (inscription, "notify::text", G_CALLBACK (align), NULL);
}

/**
 * ac_compat_announce:
 *
 * Has @message spoken to those who do not see the window. (Does nothing before GTK 4.14, where the
 * toast or label that shows it has to do.)
 */
void
ac_compat_announce (GtkWidget *widget, const char *message)
{
#if GTK_CHECK_VERSION(4, 14, 0)
  gtk_accessible_announce (GTK_ACCESSIBLE (widget), message,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
#endif
}

/**
 * ac_compat_get_color:
 * @color: (out): the colour of text in @widget
 *
 * (One call from GTK 4.10.)
 */
void
ac_compat_get_color (GtkWidget *widget, GdkRGBA *color)
{
#if GTK_CHECK_VERSION(4, 10, 0)
  gtk_widget_get_color (widget, color);
#else
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), color);
#endif
}

/**
 * ac_compat_show_about:
 * @parent: (nullable): what it stands over
 *
 * Says what the program is. (A dialog inside the window from libadwaita 1.5.)
 */
void
ac_compat_show_about (GtkWindow *parent)
{
  static const char *const developers[] = { "The Action Center developers", NULL };
  /* Translators: your names, one a line, as they are to be thanked */
  const char *translators = _ ("translator-credits");
#if ADW_CHECK_VERSION(1, 5, 0)
  AdwDialog *about = adw_about_dialog_new ();
#else
  GtkWidget *about = adw_about_window_new ();
#endif

  ac_ui_add_own_icon (gdk_display_get_default ());
  g_object_set (about, "application-name", _ ("Action Center"), "application-icon", AC_APP_ID,
                "version", AC_VERSION, "developer-name", _ ("The Action Center developers"),
                "developers", developers, "comments",
                _ ("Approve, reject and undo what security investigations propose"),
                "license-type", GTK_LICENSE_GPL_3_0, "copyright",
                "© 2026 The Action Center developers", "translator-credits",
                strcmp (translators, "translator-credits") != 0 ? translators : "", NULL);
#if ADW_CHECK_VERSION(1, 5, 0)
  adw_dialog_present (about, GTK_WIDGET (parent));
#else
  gtk_window_set_transient_for (GTK_WINDOW (about), parent);
  gtk_window_set_modal (GTK_WINDOW (about), TRUE);
  gtk_window_present (GTK_WINDOW (about));
#endif
}
