/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-banner.h"
#include "window/ac-compat.h"
#include "window/ac-ui.h"

struct _AcBanner
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkBox *line;
  GtkLabel *label;
  GtkButton *button;
};

G_DEFINE_FINAL_TYPE (AcBanner, ac_banner, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_TEXT,
  PROP_BUTTON_LABEL,
  PROP_ACTION_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
ac_banner_dispose (GObject *object)
{
  AcBanner *self = AC_BANNER (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (ac_banner_parent_class)->dispose (object);
}

static void
ac_banner_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AcBanner *self = AC_BANNER (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      g_value_set_string (value, ac_banner_get_text (self));
      break;
    case PROP_BUTTON_LABEL:
      g_value_set_string (value, gtk_button_get_label (self->button));
      break;
    case PROP_ACTION_NAME:
      g_value_set_string (value, gtk_actionable_get_action_name (GTK_ACTIONABLE (self->button)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_banner_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  AcBanner *self = AC_BANNER (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      ac_banner_set_text (self, g_value_get_string (value));
      break;
    case PROP_BUTTON_LABEL:
      ac_banner_set_button_label (self, g_value_get_string (value));
      break;
    case PROP_ACTION_NAME:
      ac_banner_set_action_name (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ac_banner_class_init (AcBannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = ac_banner_dispose;
  object_class->get_property = ac_banner_get_property;
  object_class->set_property = ac_banner_set_property;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_BUTTON_LABEL] = g_param_spec_string ("button-label", NULL, NULL, NULL, flags);
  properties[PROP_ACTION_NAME] = g_param_spec_string ("action-name", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, AC_UI_RESOURCE_PATH "/ac-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, AcBanner, box);
  gtk_widget_class_bind_template_child (widget_class, AcBanner, line);
  gtk_widget_class_bind_template_child (widget_class, AcBanner, label);
  gtk_widget_class_bind_template_child (widget_class, AcBanner, button);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "acbanner");
}

static void
ac_banner_init (AcBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ac_banner_get_text:
 *
 * Returns: (nullable): what it says, while it says something.
 */
const char *
ac_banner_get_text (AcBanner *self)
{
  g_return_val_if_fail (AC_IS_BANNER (self), NULL);

  return gtk_widget_get_visible (self->box) ? gtk_label_get_label (self->label) : NULL;
}

/**
 * ac_banner_set_text:
 * @text: (nullable): a sentence; %NULL hides the banner
 */
void
ac_banner_set_text (AcBanner *self, const char *text)
{
  g_return_if_fail (AC_IS_BANNER (self));

  if (g_strcmp0 (text, ac_banner_get_text (self)) == 0)
    return;
  if (text != NULL)
    {
      gtk_label_set_label (self->label, text);
      ac_compat_announce (GTK_WIDGET (self), text);
    }
  gtk_widget_set_visible (self->box, text != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

/**
 * ac_banner_set_button_label:
 * @label: (nullable): no button without one
 */
void
ac_banner_set_button_label (AcBanner *self, const char *label)
{
  g_return_if_fail (AC_IS_BANNER (self));

  gtk_button_set_label (self->button, label != NULL ? label : "");
  gtk_widget_set_visible (GTK_WIDGET (self->button), label != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUTTON_LABEL]);
}

/**
 * ac_banner_set_action_name:
 * @action_name: (nullable): the GAction that the button activates
 */
void
ac_banner_set_action_name (AcBanner *self, const char *action_name)
{
  g_return_if_fail (AC_IS_BANNER (self));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action_name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTION_NAME]);
}

/**
 * ac_banner_set_narrow:
 *
 * Where there is no room for it beside the text, the button stands below.
 */
void
ac_banner_set_narrow (AcBanner *self, gboolean narrow)
{
  g_return_if_fail (AC_IS_BANNER (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->line),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}
